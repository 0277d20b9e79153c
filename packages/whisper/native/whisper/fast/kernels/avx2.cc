#include "fast/kernels/fixed_attention.h"

namespace sotto::whisper::kernels {

const InstructionSet kAvx2 = {"avx2", multiply, attend};

}  // namespace sotto::whisper::kernels
