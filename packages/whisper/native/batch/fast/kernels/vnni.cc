#include "fast/kernels/fixed_attention.h"

namespace sotto::batch::kernels {

const InstructionSet kVnni = {"avx512-vnni", multiply, attend};

}  // namespace sotto::batch::kernels
