#include "fast/kernels/fixed_attention.h"

namespace sotto::whisper::kernels {

const InstructionSet kVnni = {"avx512-vnni", multiply, attend};

}  // namespace sotto::whisper::kernels
