#include "kernels_of.h"

namespace sotto::speakers {

const Kernels& kernels_any() { return kAll; }

}  // namespace sotto::speakers
