#include "kernels_of.h"

namespace sotto::silero {

const Kernels& kernels_any() {
  static constexpr Kernels all{kLanes, spectrum, product, recurrence};
  return all;
}

}  // namespace sotto::silero
