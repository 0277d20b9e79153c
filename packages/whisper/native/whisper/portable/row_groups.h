// How a step's rows fall into attention operators: one operator serves neighbouring slots with equally many rows.
#pragma once
#include <vector>

#include "backend.h"
#include "portable/slots.h"

namespace sotto::whisper {

struct RowGroup {
  int first_row = 0;
  int rows = 0;  // per slot
  int first_slot = 0;
  int slots = 1;
  int keys = 0;           // self-attention cells [0, keys) of each slot cover every row's history
  int frames = 0;          // encoded frames [0, frames) cover those of each slot
  bool attention = false;  // some row wants its cross-attention

  bool operator==(const RowGroup& other) const;
};

/** `rows` of one slot are adjacent. Keys and frames are rounded up so that a graph serves many steps. */
std::vector<RowGroup> group_rows(const std::vector<Row>& rows, const Slots& slots);

}  // namespace sotto::whisper
