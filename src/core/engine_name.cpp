#include "core/engine_name.h"

namespace mesa {

std::string_view engine_name() {
#if defined(__wasm_relaxed_simd__)
  return "relaxed";
#elif defined(__wasm_simd128__)
  return "simd128";
#elif defined(__AVX512F__)
  return "native-avx512";
#else
  return "native";
#endif
}

}  // namespace mesa
