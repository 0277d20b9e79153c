// The self-attention cells of one slot: which are free, given the hypotheses that still need theirs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::whisper {

class CellPool {
 public:
  explicit CellPool(int count) : used_(count, 0) {}

  /** Frees every cell. */
  void clear() { used_.assign(used_.size(), 0); }
  /** @returns the lowest free cell, now taken, or -1. */
  int32_t take();
  size_t free() const;
  /** Keeps the cells that these lists name; frees all others. */
  void keep(const std::vector<const std::vector<int32_t>*>& lists);

 private:
  std::vector<uint8_t> used_;
};

}  // namespace sotto::whisper
