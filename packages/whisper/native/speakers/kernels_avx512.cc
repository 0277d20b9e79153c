#include "kernels_of.h"

namespace sotto::speakers {

const Kernels& kernels_avx512() { return kAll; }

}  // namespace sotto::speakers
