#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#ifdef __AVX__
#include <immintrin.h>
#endif
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

namespace mesa {

#if defined(__AVX512F__)
inline constexpr std::size_t kVectorBytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t kVectorBytes = 32;
#else
inline constexpr std::size_t kVectorBytes = 16;
#endif

template <class Scalar>
struct VectorOf {
  using Type [[gnu::vector_size(kVectorBytes)]] = Scalar;
};

/// One register of scalars; arithmetic operators act on each lane.
template <class Scalar>
using Vector = typename VectorOf<Scalar>::Type;

template <class Scalar>
inline constexpr int kLanes = kVectorBytes / sizeof(Scalar);

/// Aligned memory for one vector. Where vectors are as long as a cache line, unaligned ones cost twice.
template <class Scalar>
struct alignas(kVectorBytes) AlignedLanes {
  Scalar numbers[kLanes<Scalar>];
};

/// Loads from any address, without alignment.
template <class Scalar>
inline Vector<Scalar> load(const Scalar* source) {
  Vector<Scalar> result;
  std::memcpy(&result, source, sizeof result);
  return result;
}

template <class Scalar>
inline void store(Scalar* target, Vector<Scalar> value) {
  std::memcpy(target, &value, sizeof value);
}

/// The same value in every lane. (value + 0 would take an instruction, since it turns -0 into 0.)
template <class Scalar>
inline Vector<Scalar> broadcast(Scalar value) {
  return value - Vector<Scalar>{};
}

/// A mask with all bits set in the first `count` lanes and none in the others.
template <class Scalar>
inline auto first_lanes(int count) {
  using Integer = std::conditional_t<sizeof(Scalar) == 4, std::int32_t, std::int64_t>;
  Vector<Integer> lane_numbers;
  for (int lane = 0; lane < kLanes<Scalar>; ++lane) lane_numbers[lane] = lane;
  return lane_numbers < Integer(count);
}

#ifdef __AVX512F__
/// A mask register with the lowest `count` bits set, at most kLanes.
template <class Scalar>
inline auto first_bits(int count) {
  using Mask = std::conditional_t<sizeof(Scalar) == sizeof(float), __mmask16, __mmask8>;
  // The instruction reads only the lowest 8 bits of the count, so that 256 would act as 0.
  return Mask(_bzhi_u32(0xFFFF >> (16 - kLanes<Scalar>), unsigned(std::min(count, kLanes<Scalar>))));
}
#endif

#if defined(__AVX__) && !defined(__AVX512F__)
/// store_first() for fewer than all lanes; masked stores would take many times as long.
template <class Scalar>
inline void store_incomplete(Scalar* target, Vector<Scalar> value, int count) {
  const auto bytes = std::size_t(count) * sizeof(Scalar);
  auto* at = reinterpret_cast<char*>(target);
  auto rest = _mm256_castsi256_si128((__m256i)value);
  if (bytes >= 16) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), rest);
    rest = _mm256_extracti128_si256((__m256i)value, 1);
    at += 16;
  }
  if ((bytes & 8) != 0) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at), rest);
    rest = _mm_unpackhi_epi64(rest, rest);
    at += 8;
  }
  if ((bytes & 4) != 0) _mm_storeu_si32(at, rest);
}
#endif

#ifdef __wasm_simd128__
// load_first() and store_first() for one lane or all but one. They are inline, since a call would write all
// registers to memory even where it is skipped.

template <class Scalar>
inline Vector<Scalar> load_incomplete(const Scalar* source, int count) {
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    if (count < 3) return (Vector<Scalar>)(count == 1 ? wasm_v128_load32_zero(source) : v128_t{});
    return (Vector<Scalar>)wasm_v128_load32_lane(source + 2, wasm_v128_load64_zero(source), 2);
  } else {
    return Vector<Scalar>{};
  }
}

template <class Scalar>
inline void store_incomplete(Scalar* target, Vector<Scalar> value, int count) {
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    if (count == 3) wasm_v128_store64_lane(target, (v128_t)value, 0);
    if (count == 3) wasm_v128_store32_lane(target + 2, (v128_t)value, 2);
    if (count == 1) wasm_v128_store32_lane(target, (v128_t)value, 0);
  }
}
#endif

/// Loads the first `count` lanes, sets the others to zero, and reads nothing beyond.
template <class Scalar>
inline Vector<Scalar> load_first(const Scalar* source, int count) {
#ifdef __AVX512F__
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return (Vector<Scalar>)_mm512_maskz_loadu_ps(first_bits<Scalar>(count), source);
  } else {
    return (Vector<Scalar>)_mm512_maskz_loadu_pd(first_bits<Scalar>(count), source);
  }
#else
  if (count >= kLanes<Scalar>) return load(source);
#ifdef __AVX__
  // The last vector of 20 columns is half full, which loads faster without a mask.
  if (2 * count == kLanes<Scalar>) {
    return (Vector<Scalar>)_mm256_zextsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(source)));
  }
  const auto mask = (__m256i)first_lanes<Scalar>(count);
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return (Vector<Scalar>)_mm256_maskload_ps(source, mask);
  } else {
    return (Vector<Scalar>)_mm256_maskload_pd(source, mask);
  }
#elif defined(__wasm_simd128__)
  // 10 channels are two vectors and a half.
  if (2 * count == kLanes<Scalar>) return (Vector<Scalar>)wasm_v128_load64_zero(source);
  return load_incomplete(source, count);
#else
  Vector<Scalar> result = {};
  for (int lane = 0; lane < count; ++lane) result[lane] = source[lane];
  return result;
#endif
#endif
}

/// Writes the first `count` lanes and nothing beyond.
template <class Scalar>
inline void store_first(Scalar* target, Vector<Scalar> value, int count) {
#ifdef __AVX512F__
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    _mm512_mask_storeu_ps(target, first_bits<Scalar>(count), (__m512)value);
  } else {
    _mm512_mask_storeu_pd(target, first_bits<Scalar>(count), (__m512d)value);
  }
#else
  if (count >= kLanes<Scalar>) return store(target, value);
#ifdef __AVX__
  store_incomplete(target, value, count);
#elif defined(__wasm_simd128__)
  if (2 * count == kLanes<Scalar>) return wasm_v128_store64_lane(target, (v128_t)value, 0);
  store_incomplete(target, value, count);
#else
  for (int lane = 0; lane < count; ++lane) target[lane] = value[lane];
#endif
#endif
}

/// Writes `count` zeros. For few numbers, memset, which std::fill becomes, is several times as slow.
template <class Scalar>
inline void store_zeros(Scalar* target, int count) {
  for (int i = 0; i < count; i += kLanes<Scalar>) store_first(target + i, Vector<Scalar>{}, count - i);
}

template <class Scalar>
inline Vector<Scalar> larger(Vector<Scalar> a, Vector<Scalar> b) {
  return a > b ? a : b;
}

inline Vector<float> square_root(Vector<float> value) {
#if defined(__AVX512F__)
  // GCC 12 warns about the definition of the intrinsic without a mask.
  return (Vector<float>)_mm512_maskz_sqrt_ps(0xFFFF, (__m512)value);
#elif defined(__AVX__)
  return (Vector<float>)_mm256_sqrt_ps((__m256)value);
#elif defined(__wasm_simd128__)
  return (Vector<float>)wasm_f32x4_sqrt((v128_t)value);
#else
  for (int lane = 0; lane < kLanes<float>; ++lane) value[lane] = std::sqrt(value[lane]);
  return value;
#endif
}

/// Swaps each lane with the one whose number differs in the bit `Distance`.
template <class Scalar, int Distance, int... Lanes>
inline Vector<Scalar> swap_lanes(Vector<Scalar> v, std::integer_sequence<int, Lanes...>) {
  return __builtin_shufflevector(v, v, (Lanes ^ Distance)...);
}

/// Combines all lanes, halves first, which makes a shorter chain than lane after lane.
template <class Scalar, int Distance = kLanes<Scalar> / 2, class Combine>
inline Scalar reduce_lanes(Vector<Scalar> v, const Combine& combine) {
  v = combine(v, swap_lanes<Scalar, Distance>(v, std::make_integer_sequence<int, kLanes<Scalar>>()));
  if constexpr (Distance > 1) {
    return reduce_lanes<Scalar, Distance / 2>(v, combine);
  } else {
    return v[0];
  }
}

template <class Scalar>
inline Scalar sum_of_lanes(Vector<Scalar> value) {
  return reduce_lanes<Scalar>(value, [](Vector<Scalar> a, Vector<Scalar> b) { return a + b; });
}

template <class Scalar>
inline Scalar largest_lane(Vector<Scalar> value) {
  return reduce_lanes<Scalar>(value, larger<Scalar>);
}

/// Whether the machine has a fused instruction for multiply_add().
#if defined(__wasm_relaxed_simd__) || defined(__FMA__)
inline constexpr bool kFusesMultiplyAdd = true;
#else
inline constexpr bool kFusesMultiplyAdd = false;
#endif

/// a * b + c on each lane, rounded once if kFusesMultiplyAdd.
template <class Scalar>
inline Vector<Scalar> multiply_add(Vector<Scalar> a, Vector<Scalar> b, Vector<Scalar> c) {
#ifdef __wasm_relaxed_simd__
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return (Vector<Scalar>)wasm_f32x4_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
  } else {
    return (Vector<Scalar>)wasm_f64x2_relaxed_madd((v128_t)a, (v128_t)b, (v128_t)c);
  }
#else
  return a * b + c;
#endif
}

}  // namespace mesa
