#include "fast/kernels/fixed_attention.h"

namespace sotto::batch::kernels {

const InstructionSet kAvx2 = {"avx2", multiply, attend};

}  // namespace sotto::batch::kernels
