#include "alignment/given_text.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "model/byte_pairs.h"

namespace sotto::whisper {
namespace {

constexpr int kOtherTokens = 5;  // start of transcript, language, task, no times, end of text
constexpr float kLeastProbability = 1e-10f;

}  // namespace

Segment given_segment(const Model& model, const std::string& text) {
  Segment segment;
  const size_t most = size_t(model.hparams.n_text_ctx - kOtherTokens);
  std::istringstream words(text);
  for (std::string word; words >> word;)
    for (const TokenId id : byte_pair_tokens(model.vocabulary, " " + word)) {
      if (segment.tokens.size() == most) throw std::invalid_argument("the given text is longer than the decoder reads");
      Token token;
      token.id = id;
      token.bytes = model.vocabulary.text(id);
      segment.tokens.push_back(std::move(token));
    }
  if (segment.tokens.empty()) throw std::invalid_argument("the given text has nothing in it");
  return segment;
}

void close_given(Segment& segment) {
  segment.start_ms = std::max(0, segment.tokens.front().start_ms);
  segment.end_ms = std::max(segment.start_ms, segment.tokens.back().end_ms);
  for (Token& token : segment.tokens) {
    token.plog = std::log(std::max(token.p, kLeastProbability));
    segment.avg_logprob += token.plog / float(segment.tokens.size());
  }
}

}  // namespace sotto::whisper
