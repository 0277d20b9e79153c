#include "phrase_cache.h"

#include <algorithm>

namespace sotto {
namespace {

constexpr size_t kMostTries = 8;

}  // namespace

std::shared_ptr<const whisper::PhraseTrie> PhraseCache::trie(const whisper::Vocabulary& vocabulary, std::vector<whisper::Phrase> phrases) {
  if (phrases.empty()) return nullptr;
  const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.first == phrases; });
  if (at != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, at);
  } else {
    auto built = std::make_shared<whisper::PhraseTrie>(vocabulary, phrases);
    entries_.emplace_front(std::move(phrases), std::move(built));
    if (entries_.size() > kMostTries) entries_.pop_back();
  }
  return entries_.front().second;
}

}  // namespace sotto
