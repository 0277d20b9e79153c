#include "kernels.h"

namespace sotto::speakers {

const Kernels& kernels_any();
#ifdef SOTTO_SPEAKERS_X86
const Kernels& kernels_avx2();
const Kernels& kernels_avx512();
#endif

const Kernels& kernels([[maybe_unused]] bool any_processor) {
#ifdef SOTTO_SPEAKERS_X86
  if (!any_processor && __builtin_cpu_supports("avx512f")) return kernels_avx512();
  if (!any_processor && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return kernels_avx2();
#endif
  return kernels_any();
}

}  // namespace sotto::speakers
