// One decoder step over any mix of rows, in ggml operators: dense layers over all rows, attention per row group.
#pragma once
#include <vector>

#include "backend.h"
#include "ggml-cpp.h"
#include "portable/row_groups.h"
#include "portable/slots.h"

namespace sotto::whisper {

class DecoderGraph {
 public:
  DecoderGraph(const Model& model, const Slots& slots, const std::vector<AlignmentHead>& heads)
      : model_(model), slots_(slots), heads_(heads) {}

  /** Builds the graph of this shape; allocation is the caller's. */
  ggml_cgraph* build(const std::vector<RowGroup>& groups, int rows, int logit_rows);
  bool matches(const std::vector<RowGroup>& groups, int rows, int logit_rows) const;

  struct Captured {
    int group;
    ggml_tensor* weights;  // [frames of the group, rows, 1, slots] of one alignment head
  };

  ggml_tensor *tokens = nullptr, *positions = nullptr;  // I32 [rows]
  ggml_tensor* cells = nullptr;                         // I64 [rows], slot * cells_per_slot + cell
  ggml_tensor* logit_index = nullptr;                   // I32 [logit_rows]; null when no row wants logits
  std::vector<ggml_tensor*> masks;                      // per group, F16 [keys, rows, 1, slots]
  std::vector<ggml_tensor*> frame_masks;                // per group, F16 [frames, rows, 1, slots]: hides what is not encoded
  ggml_tensor* logits = nullptr;                        // [n_vocab, logit_rows]
  std::vector<std::vector<Captured>> attention;         // per alignment head

 private:
  ggml_tensor* self_attention(size_t layer, ggml_tensor* x);
  ggml_tensor* self_group(size_t layer, const RowGroup& group, ggml_tensor* q, ggml_tensor* mask);
  ggml_tensor* cross_attention(size_t layer, ggml_tensor* x);
  ggml_tensor* cross_group(size_t layer, int index, ggml_tensor* q);
  void capture(size_t layer, int index, ggml_tensor* weights);
  ggml_tensor* join(const std::vector<ggml_tensor*>& parts);

  const Model& model_;
  const Slots& slots_;
  const std::vector<AlignmentHead>& heads_;
  ggml_context_ptr context_;
  ggml_cgraph* graph_ = nullptr;
  std::vector<RowGroup> groups_;
  int rows_ = 0;
  int logit_rows_ = 0;
};

}  // namespace sotto::whisper
