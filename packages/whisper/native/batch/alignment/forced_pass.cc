#include "alignment/forced_pass.h"

#include "alignment/time_warp.h"

namespace sotto::batch {
namespace {

constexpr size_t kRowsPerStep = 64;  // as long prompts: other windows go on in between
constexpr int kEncoderFrameMs = 20;

std::vector<Segment*> pointers(std::vector<Segment>& segments) {
  std::vector<Segment*> all;
  for (Segment& segment : segments) all.push_back(&segment);
  return all;
}

}  // namespace

ForcedPass::ForcedPass(const Model& model, CellPool& cells, std::vector<TokenId> task, std::vector<Segment>& segments)
    : segments_(pointers(segments)), task_size_(task.size()), tokens_(std::move(task)) {
  tokens_.push_back(model.vocabulary.no_timestamps());
  for (const Segment* segment : segments_)
    for (const Token& token : segment->tokens) tokens_.push_back(token.id);
  tokens_.push_back(model.vocabulary.eot());
  cells.clear();
  for (size_t i = 0; i < tokens_.size(); ++i) places_.push_back(cells.take());
}

void ForcedPass::add_rows(int slot, std::vector<Row>& rows) {
  feeding_ = std::min(kRowsPerStep, tokens_.size() - fed_);
  for (size_t i = fed_; i < fed_ + feeding_; ++i)
    rows.push_back({tokens_[i], int(i), slot, places_[i], &places_, int(i) + 1, false, true});
}

void ForcedPass::accept(const float* attention, int heads, int stride) {
  heads_ = heads;
  stride_ = stride;
  attention_.insert(attention_.end(), attention, attention + feeding_ * heads * stride);
  fed_ += feeding_;
}

void ForcedPass::set_times(int start_ms, int frames) const {
  // The row of a token's predecessor is the one that looks for the token, so rows start at <|notimestamps|>.
  const int rows = static_cast<int>(tokens_.size()), first = static_cast<int>(task_size_);
  const std::vector<int> starts = align_rows({attention_.data(), rows, heads_, std::min(frames, stride_), stride_, first, rows - 1});
  size_t at = 0;
  for (Segment* segment : segments_)
    for (Token& token : segment->tokens) {
      token.start_ms = start_ms + starts[at] * kEncoderFrameMs;
      token.end_ms = start_ms + starts[++at] * kEncoderFrameMs;
    }
}

}  // namespace sotto::batch
