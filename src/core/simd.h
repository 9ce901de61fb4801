#pragma once

#include <cstddef>
#include <cstring>

#ifdef __AVX__
#include <immintrin.h>
#endif
#ifdef __wasm_relaxed_simd__
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

#ifdef __AVX__

/// Ones in all bits of the first `count` lanes.
template <class Scalar>
inline __m256i first_lanes(int count) {
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  } else {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3));
  }
}

/// The first `count` lanes from memory, zeros in the others; reads nothing beyond. 0 <= count <= kLanes.
template <class Scalar>
inline Vector<Scalar> load_first(const Scalar* source, int count) {
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    return (Vector<Scalar>)_mm256_maskload_ps(source, first_lanes<Scalar>(count));
  } else {
    return (Vector<Scalar>)_mm256_maskload_pd(source, first_lanes<Scalar>(count));
  }
}

/// Writes the first `count` lanes and nothing beyond.
template <class Scalar>
inline void store_first(Scalar* target, Vector<Scalar> value, int count) {
  if constexpr (sizeof(Scalar) == sizeof(float)) {
    _mm256_maskstore_ps(target, first_lanes<Scalar>(count), (__m256)value);
  } else {
    _mm256_maskstore_pd(target, first_lanes<Scalar>(count), (__m256d)value);
  }
}

#else

/// The first `count` lanes from memory, zeros in the others; reads nothing beyond. 0 <= count <= kLanes.
template <class Scalar>
inline Vector<Scalar> load_first(const Scalar* source, int count) {
  Vector<Scalar> result = {};
#pragma GCC unroll 4
  for (int lane = 0; lane < kLanes<Scalar>; ++lane) {
    if (lane < count) result[lane] = source[lane];
  }
  return result;
}

/// Writes the first `count` lanes and nothing beyond.
template <class Scalar>
inline void store_first(Scalar* target, Vector<Scalar> value, int count) {
#pragma GCC unroll 4
  for (int lane = 0; lane < kLanes<Scalar>; ++lane) {
    if (lane < count) target[lane] = value[lane];
  }
}

#endif

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
