// The phrases in one text, found token by token: leftmost first, of those the longest, none inside another, whole words only.
#pragma once
#include <vector>

#include "decoding/phrase_trie.h"

namespace sotto::whisper {

class PhraseMatches {
 public:
  void accept(const PhraseTrie& trie, const Vocabulary& vocabulary, TokenId token);

  /** Lifts of the phrases that are all there: the text keeps them. */
  double kept() const { return kept_; }
  /** Lift of the phrases that are under way: taken back when the text goes on otherwise. */
  double lent(const PhraseTrie& trie) const;
  /** Calls see(child) for each token that continues a phrase, and for each that could begin one. */
  template <typename See>
  void each_next(const PhraseTrie& trie, See see) const {
    for (const Place& place : places_)
      if (place.node != PhraseTrie::kNone)
        for (const PhraseTrie::Child& child : trie.children(place.node)) see(child);
    for (const PhraseTrie::Child& child : trie.children(PhraseTrie::kRoot)) see(child);
  }

 private:
  /** A phrase that began at token `begin`. */
  struct Place {
    int node;
    int begin;
    int end = 0;      // after the longest phrase found from there
    double kept = 0;  // its lift; 0: none found
  };
  void settle();

  std::vector<Place> places_;  // by `begin`
  int length_ = 0;
  bool after_letter_ = false;
  double kept_ = 0;
};

}  // namespace sotto::whisper
