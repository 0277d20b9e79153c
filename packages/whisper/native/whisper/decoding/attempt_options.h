// How one try at decoding a pass searches.
#pragma once
#include <memory>
#include <vector>

#include "decoding/phrase_trie.h"

namespace sotto::whisper {

struct AttemptOptions {
  float temperature = 0;
  int width = 1;       // hypotheses: beams at temperature 0, independent draws above it
  float patience = 1;  // beam search goes on until width * patience hypotheses have ended
  float length_penalty = -1;
  std::vector<TokenId> suppressed;            // text tokens that are never said
  std::shared_ptr<const PhraseTrie> phrases;  // expected ones, of no account above temperature 0; null: none
};

}  // namespace sotto::whisper
