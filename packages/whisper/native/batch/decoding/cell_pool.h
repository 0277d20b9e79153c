// The self-attention cells of one slot: which are free, given the lines that still need theirs.
#pragma once
#include <cstdint>
#include <vector>

namespace sotto::batch {

class CellPool {
 public:
  explicit CellPool(int count) : used_(count, 0) {}

  /** Frees every cell. */
  void clear() { used_.assign(used_.size(), 0); }
  /** @returns the lowest free cell, now taken, or -1. */
  int32_t take();
  /** Keeps the cells these lines name; frees all others. */
  void keep(const std::vector<const std::vector<int32_t>*>& lines);

 private:
  std::vector<uint8_t> used_;
};

}  // namespace sotto::batch
