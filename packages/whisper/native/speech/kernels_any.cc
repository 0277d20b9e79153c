#include "kernels_of.h"

namespace sotto::speech {

const Kernels& kernels_any() {
  static constexpr Kernels all{kLanes, spectrum, product, recurrence};
  return all;
}

}  // namespace sotto::speech
