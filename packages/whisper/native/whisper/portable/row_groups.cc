#include "portable/row_groups.h"

#include <algorithm>

namespace sotto::whisper {
namespace {

constexpr int kKeyStep = 32;
constexpr int kFramesTogether = 64;  // the most that ggml sums in registers: a rest is summed in another order

RowGroup one_slot(const std::vector<Row>& rows, size_t first) {
  RowGroup group;
  group.first_row = int(first);
  group.first_slot = rows[first].slot;
  for (size_t i = first; i < rows.size() && rows[i].slot == group.first_slot; ++i) {
    const Row& row = rows[i];
    group.rows += 1;
    group.attention |= row.wants_attention;
    const auto begin = row.cells->begin();
    group.keys = std::max(group.keys, *std::max_element(begin, begin + row.history) + 1);
  }
  return group;
}

}  // namespace

bool RowGroup::operator==(const RowGroup& o) const {
  return first_row == o.first_row && rows == o.rows && first_slot == o.first_slot && slots == o.slots && keys == o.keys &&
         frames == o.frames && attention == o.attention;
}

std::vector<RowGroup> group_rows(const std::vector<Row>& rows, const Slots& slots) {
  std::vector<RowGroup> groups;
  for (size_t at = 0; at < rows.size();) {
    RowGroup next = one_slot(rows, at);
    at += next.rows;
    next.keys = std::min(slots.cells, (next.keys + kKeyStep - 1) / kKeyStep * kKeyStep);
    const int frames = (slots.encoded[next.first_slot] + kFramesTogether - 1) / kFramesTogether * kFramesTogether;
    next.frames = std::min(slots.frames, frames);
    RowGroup* last = groups.empty() ? nullptr : &groups.back();
    if (last && last->rows == next.rows && last->attention == next.attention && last->first_slot + last->slots == next.first_slot) {
      last->slots += 1;
      last->keys = std::max(last->keys, next.keys);
      last->frames = std::max(last->frames, next.frames);
    } else {
      groups.push_back(next);
    }
  }
  return groups;
}

}  // namespace sotto::whisper
