// One decoder step over any mix of rows on the fast kernels.
//
// Products are split by panels, attention by slot and head; the threads meet after each. Nothing moves when a row ends:
// rows name their slot and cells.
#pragma once
#include <vector>

#include "backend.h"
#include "fast/attend_room.h"
#include "fast/fast_slots.h"
#include "fast/fast_weights.h"
#include "fast/fixed_rows.h"
#include "team.h"

namespace sotto::whisper {

class FastDecoder {
 public:
  FastDecoder(const Hparams& hparams, const FastWeights& weights, const FastSlots& slots, const std::vector<AlignmentHead>& heads,
              Team& team);

  void decode(const std::vector<Row>& rows, RowResults& results);

 private:
  /** Neighbouring rows of one slot. */
  struct Group {
    int first, count;
  };
  /** One thread's room, made before the threads run: there, nobody could say that memory is out. */
  struct Scratch {
    Scratch(int state, int heads, size_t padded_frames)
        : narrow(0, 1, state), wide(0, 4, state), queries(0, heads, kernels::kHead), attention(padded_frames) {}
    void fit(size_t rows, size_t numbers, size_t longest_history);

    std::vector<float> normed, self_weights;
    FixedRows narrow, wide, queries;
    AttendRoom attention;
  };
  void prepare(const std::vector<Row>& rows, RowResults& results);
  void embed(const std::vector<Row>& rows, int worker);
  void normalise(const FastNorm& norm, Scratch& scratch) const;
  void multiply(const PackedMatrix& matrix, const kernels::Product& product, int worker);
  void add(const PackedMatrix& matrix, const FixedRows& rows, int worker);
  void layer(size_t index, const std::vector<Row>& rows, int worker, Scratch& scratch, RowResults& results);
  void self_attention(size_t layer, const std::vector<Row>& rows, int worker, Scratch& scratch);
  void cross_attention(size_t layer, const std::vector<Row>& rows, int worker, Scratch& scratch, RowResults& results);
  void cross_group(size_t layer, const Group& group, int head, const std::vector<Row>& rows, Scratch& scratch, RowResults& results);
  void capture(size_t layer, int head, int first, int count, const std::vector<Row>& rows, const kernels::Frames& frames,
               const kernels::AttendScratch& attention, RowResults& results) const;
  void head(const std::vector<Row>& rows, int worker, Scratch& scratch);

  const Hparams& hparams_;
  const FastWeights& weights_;
  const FastSlots& slots_;
  const std::vector<AlignmentHead>& alignment_heads_;
  Team& team_;
  const int state_, heads_;
  const kernels::InstructionSet& set_ = kernels::instruction_set();
  int count_ = 0;         // rows
  int logit_count_ = 0;
  std::vector<Group> groups_;
  std::vector<int> attention_place_;  // per row: where its attention goes, -1: not wanted
  std::vector<float> x_, wide_, attended_, logits_;
  std::vector<Scratch> scratch_;      // per thread
};

}  // namespace sotto::whisper
