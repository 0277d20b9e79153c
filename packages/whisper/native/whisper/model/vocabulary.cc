#include "model/vocabulary.h"

namespace sotto::whisper {

Vocabulary::Vocabulary(std::vector<std::string> texts, int n_vocab) : texts_(std::move(texts)), n_vocab_(n_vocab) {
  eot_ = is_multilingual() ? 50257 : 50256;
  // English: 50363. Each language beyond 99 moves the task tokens and the times up by one.
  begin_ = is_multilingual() ? 50364 + language_count() - 99 : 50363;
  for (size_t i = 0; i < texts_.size(); ++i) ids_[texts_[i]] = TokenId(i);
}

const std::string& Vocabulary::text(TokenId id) const {
  static const std::string none;
  return id >= 0 && id < eot_ && size_t(id) < texts_.size() ? texts_[id] : none;
}

TokenId Vocabulary::find(const std::string& text) const {
  const auto at = ids_.find(text);
  return at == ids_.end() ? -1 : at->second;
}

}  // namespace sotto::whisper
