#include "kernels.h"

namespace sotto::silero {

const Kernels& kernels_any();
#ifdef SOTTO_SILERO_AVX2
const Kernels& kernels_avx2();
#endif

const Kernels& kernels([[maybe_unused]] bool any_processor) {
#ifdef SOTTO_SILERO_AVX2
  if (!any_processor && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kernels_avx2();
#endif
  return kernels_any();
}

}  // namespace sotto::silero
