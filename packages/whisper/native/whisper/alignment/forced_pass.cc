#include "alignment/forced_pass.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "decoding/logit_range.h"

namespace sotto::whisper {
namespace {

// Among text tokens alone, at temperature 1 and without suppression (openai/whisper, find_alignment): that compares over
// windows whatever they were decoded with.
float text_probability(const float* logits, int text_vocabulary, TokenId id) {
  const LogitRange tokens(logits, 0, text_vocabulary);
  return float(std::exp(logits[id] - tokens.max()) / tokens.sum_exp(tokens.max(), 1.0f));
}

}  // namespace

ForcedPass::ForcedPass(const Model& model, CellPool& cells, std::vector<TokenId> task, std::vector<Segment>& segments)
    : text_vocabulary_(model.vocabulary.eot()), tokens_(std::move(task)) {
  tokens_.push_back(model.vocabulary.no_timestamps());
  before_text_ = tokens_.size();
  for (Segment& segment : segments)
    for (Token& token : segment.tokens) {
      texts_.push_back(&token);
      tokens_.push_back(token.id);
    }
  tokens_.push_back(model.vocabulary.eot());
  cells.clear();
  for (size_t i = 0; i < tokens_.size(); ++i) places_.push_back(cells.take());
}

void ForcedPass::add_rows(int slot, std::vector<Row>& rows) {
  feeding_ = std::min(kRowsPerStep, tokens_.size() - fed_);
  for (size_t i = fed_; i < fed_ + feeding_; ++i)
    rows.push_back({tokens_[i], int(i), slot, places_[i], &places_, int(i) + 1, text_after(i) != nullptr, true});
}

Token* ForcedPass::text_after(size_t at) const {
  return at + 1 >= before_text_ && at + 1 < before_text_ + texts_.size() ? texts_[at + 1 - before_text_] : nullptr;
}

void ForcedPass::accept(const float* logits, size_t logit_stride, const float* attention, int heads, int stride) {
  for (size_t i = fed_; i < fed_ + feeding_; ++i) {
    Token* text = text_after(i);
    if (!text) continue;
    text->p = text_probability(logits, text_vocabulary_, text->id);
    logits += logit_stride;
  }
  heads_ = heads;
  stride_ = stride;
  attention_.insert(attention_.end(), attention, attention + feeding_ * heads * stride);
  fed_ += feeding_;
}

// [row][head][stride] to [head][row][frames], each row's weights over these frames brought to a sum of 1.
AttentionMap ForcedPass::map(int frames) const {
  const size_t rows = tokens_.size();
  AttentionMap map{heads_, int(rows), frames, std::vector<float>(heads_ * rows * frames)};
  for (int h = 0; h < heads_; ++h)
    for (size_t r = 0; r < rows; ++r) {
      const float* from = attention_.data() + (r * heads_ + h) * stride_;
      const float sum = std::accumulate(from, from + frames, 0.0f), scale = sum > 0 ? 1.0f / sum : 0.0f;
      float* to = map.weights.data() + (h * rows + r) * frames;
      for (int f = 0; f < frames; ++f) to[f] = from[f] * scale;
    }
  return map;
}

void ForcedPass::set_times(const TimeFrame& frame, const SpeechEdges& edges) const {
  const int frames = std::clamp((frame.audio_ms - frame.pass_start_ms) / kFrameMs, 1, stride_);
  place_tokens(texts_, align_tokens(map(frames), int(before_text_)), frame, edges);
}

}  // namespace sotto::whisper
