// The text of a pass run through the decoder once more, all tokens at once, to see where each looks in the audio.
#pragma once
#include <vector>

#include "compute.h"
#include "decoding/cell_pool.h"
#include "window.h"

namespace sotto::batch {

class ForcedPass {
 public:
  /** @param task sot, language, task. @param segments their tokens get times; must outlive this. */
  ForcedPass(const Model& model, CellPool& cells, std::vector<TokenId> task, std::vector<Segment>& segments);

  bool done() const { return fed_ == tokens_.size(); }
  void add_rows(int slot, std::vector<Row>& rows);
  /** @param attention of the rows of the last step: [row][heads][stride] */
  void accept(const float* attention, int heads, int stride);
  /** Sets the tokens' times, ms inside the window. @param frames encoder frames (20 ms) the pass may look at. */
  void set_times(int start_ms, int frames) const;

 private:
  const std::vector<Segment*> segments_;
  const size_t task_size_;
  std::vector<TokenId> tokens_;
  std::vector<int32_t> places_;
  std::vector<float> attention_;
  size_t fed_ = 0, feeding_ = 0;
  int heads_ = 0, stride_ = 0;
};

}  // namespace sotto::batch
