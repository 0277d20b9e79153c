#include "fast/kernels/kernels.h"

namespace sotto::whisper::kernels {

// Compiled for any x86-64, so that the question can be asked anywhere.
const InstructionSet& instruction_set() {
  const bool vnni = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                    __builtin_cpu_supports("avx512vnni");
  return vnni ? kVnni : kAvx2;
}

}  // namespace sotto::whisper::kernels
