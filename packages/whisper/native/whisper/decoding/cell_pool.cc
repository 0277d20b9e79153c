#include "decoding/cell_pool.h"

#include <algorithm>

namespace sotto::whisper {

int32_t CellPool::take() {
  const auto at = std::find(used_.begin(), used_.end(), 0);
  if (at == used_.end()) return -1;
  *at = 1;
  return int32_t(at - used_.begin());
}

size_t CellPool::free() const { return std::count(used_.begin(), used_.end(), 0); }

void CellPool::keep(const std::vector<const std::vector<int32_t>*>& lists) {
  clear();
  for (const auto* cells : lists)
    for (const int32_t cell : *cells) used_[cell] = 1;
}

}  // namespace sotto::whisper
