// The tries of the last few vocabularies: a recording's windows have the same one, and a large one takes milliseconds to build.
#pragma once

#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "decoding/phrase_trie.h"

namespace sotto {

class PhraseCache {
 public:
  /** null for no phrases. */
  std::shared_ptr<const whisper::PhraseTrie> trie(const whisper::Vocabulary& vocabulary, std::vector<whisper::Phrase> phrases);

 private:
  using Entry = std::pair<std::vector<whisper::Phrase>, std::shared_ptr<const whisper::PhraseTrie>>;
  std::list<Entry> entries_;  // last used first
};

}  // namespace sotto
