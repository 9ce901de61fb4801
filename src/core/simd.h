#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#ifdef __AVX__
#include <immintrin.h>
#endif
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

namespace mesa {

#ifdef __AVX__
inline constexpr std::size_t kVectorBytes = 32;
#else
inline constexpr std::size_t kVectorBytes = 16;
#endif

template <class Scalar>
struct VectorOf {
  using Type [[gnu::vector_size(kVectorBytes)]] = Scalar;
};

/// As many scalars as one register holds; arithmetic operators act on each lane.
template <class Scalar>
using Vector = typename VectorOf<Scalar>::Type;

template <class Scalar>
inline constexpr int kLanes = kVectorBytes / sizeof(Scalar);

/// Loads from any address; vectors need no alignment here.
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

/// The same value in every lane. (value + 0 would not do: it turns -0 into 0 and so has to be computed.)
template <class Scalar>
inline Vector<Scalar> broadcast(Scalar value) {
  return value - Vector<Scalar>{};
}

/// Ones in all bits of the first `count` lanes, zeros in the others.
template <class Scalar>
inline auto first_lanes(int count) {
  using Integer = std::conditional_t<sizeof(Scalar) == 4, std::int32_t, std::int64_t>;
  Vector<Integer> lane_numbers;
  for (int lane = 0; lane < kLanes<Scalar>; ++lane) lane_numbers[lane] = lane;
  return lane_numbers < Integer(count);
}

/// The first `count` lanes from memory, zeros in the others; reads nothing beyond.
template <class Scalar>
inline Vector<Scalar> load_first(const Scalar* source, int count) {
  if (count >= kLanes<Scalar>) return load(source);
#ifdef __AVX__
  const auto mask = (__m256i)first_lanes<Scalar>(count);
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return (Vector<Scalar>)_mm256_maskload_ps(source, mask);
  } else {
    return (Vector<Scalar>)_mm256_maskload_pd(source, mask);
  }
#else
  Vector<Scalar> result = {};
  for (int lane = 0; lane < count; ++lane) result[lane] = source[lane];
  return result;
#endif
}

/// Writes the first `count` lanes and nothing beyond.
template <class Scalar>
inline void store_first(Scalar* target, Vector<Scalar> value, int count) {
  if (count >= kLanes<Scalar>) return store(target, value);
#ifdef __AVX__
  const auto mask = (__m256i)first_lanes<Scalar>(count);
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    _mm256_maskstore_ps(target, mask, (__m256)value);
  } else {
    _mm256_maskstore_pd(target, mask, (__m256d)value);
  }
#else
  for (int lane = 0; lane < count; ++lane) target[lane] = value[lane];
#endif
}

template <class Scalar>
inline Vector<Scalar> larger(Vector<Scalar> a, Vector<Scalar> b) {
  return a > b ? a : b;
}

inline Vector<float> square_root(Vector<float> value) {
#if defined(__AVX__)
  return (Vector<float>)_mm256_sqrt_ps((__m256)value);
#elif defined(__wasm_simd128__)
  return (Vector<float>)wasm_f32x4_sqrt((v128_t)value);
#else
  for (int lane = 0; lane < kLanes<float>; ++lane) value[lane] = std::sqrt(value[lane]);
  return value;
#endif
}

/// combine() over all lanes, halves first: neighbours wait for each other less than in a chain.
template <class Scalar, class Combine>
inline Scalar reduce_lanes(Vector<Scalar> v, const Combine& combine) {
  if constexpr (kLanes<Scalar> == 8) {
    v = combine(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
    v = combine(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
    v = combine(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
  } else if constexpr (kLanes<Scalar> == 4) {
    v = combine(v, __builtin_shufflevector(v, v, 2, 3, 0, 1));
    v = combine(v, __builtin_shufflevector(v, v, 1, 0, 3, 2));
  } else {
    v = combine(v, __builtin_shufflevector(v, v, 1, 0));
  }
  return v[0];
}

template <class Scalar>
inline Scalar sum_of_lanes(Vector<Scalar> value) {
  return reduce_lanes<Scalar>(value, [](Vector<Scalar> a, Vector<Scalar> b) { return a + b; });
}

template <class Scalar>
inline Scalar largest_lane(Vector<Scalar> value) {
  return reduce_lanes<Scalar>(value, larger<Scalar>);
}

/// a * b + c on each lane, with one rounding where the machine has a fused instruction for it.
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
