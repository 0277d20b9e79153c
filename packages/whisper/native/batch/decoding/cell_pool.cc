#include "decoding/cell_pool.h"

#include <algorithm>

namespace sotto::batch {

int32_t CellPool::take() {
  const auto at = std::find(used_.begin(), used_.end(), 0);
  if (at == used_.end()) return -1;
  *at = 1;
  return static_cast<int32_t>(at - used_.begin());
}

void CellPool::keep(const std::vector<const std::vector<int32_t>*>& lines) {
  clear();
  for (const auto* line : lines)
    for (const int32_t cell : *line) used_[cell] = 1;
}

}  // namespace sotto::batch
