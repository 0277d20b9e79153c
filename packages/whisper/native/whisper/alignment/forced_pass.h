// The text of a pass run through the decoder once more, all tokens at once, to see where each looks in the audio and how
// sure the model is of it when it is told what went before.
#pragma once
#include <vector>

#include "alignment/token_times.h"
#include "backend.h"
#include "decoding/cell_pool.h"

namespace sotto::whisper {

class ForcedPass {
 public:
  /** @param task sot, language, task. @param segments their tokens get times and probabilities; must outlive this. */
  ForcedPass(const Model& model, CellPool& cells, std::vector<TokenId> task, std::vector<Segment>& segments);

  /** So many rows at once: other windows go on in between, and logits take 0.2 MB a row. */
  static constexpr size_t kRowsPerStep = 32;

  bool done() const { return fed_ == tokens_.size(); }
  void add_rows(int slot, std::vector<Row>& rows);
  /**
   * Results of the rows of the last step.
   * @param logits of those before a text token: [row][logit_stride]. @param attention [row][heads][stride]
   */
  void accept(const float* logits, size_t logit_stride, const float* attention, int heads, int stride);
  /** Sets the tokens' times, looking at the window's own part of the encoded 30 s only. */
  void set_times(const TimeFrame& frame, const SpeechEdges& edges) const;

 private:
  AttentionMap map(int frames) const;
  /** The text token that the row after `at` is; null: it is none. */
  Token* text_after(size_t at) const;

  const int text_vocabulary_;
  std::vector<Token*> texts_;
  std::vector<TokenId> tokens_;
  size_t before_text_ = 0;  // tokens ahead of the text
  std::vector<int32_t> places_;
  std::vector<float> attention_;
  size_t fed_ = 0, feeding_ = 0;
  int heads_ = 0, stride_ = 0;
};

}  // namespace sotto::whisper
