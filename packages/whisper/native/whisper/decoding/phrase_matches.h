// The phrases in one text, found token by token: leftmost first, of those the longest, none inside another, whole words only. One
// whose every token was the likeliest where it stands is said by the model itself: it gets no lift, or texts that say the same a token
// later, with a comma before it, would lose their places to it.
#pragma once
#include <vector>

#include "decoding/phrase_trie.h"

namespace sotto::whisper {

class PhraseMatches {
 public:
  /** @param is_likeliest no other token was likelier there */
  void accept(const PhraseTrie& trie, const Vocabulary& vocabulary, TokenId token, bool is_likeliest);

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
    bool needs_lift = false;  // some token of it was not the likeliest
    int end = 0;              // after the longest phrase found from there; 0: none
    double kept = 0;          // its lift, if it needed one
  };
  void settle();

  std::vector<Place> places_;  // by `begin`
  int length_ = 0;
  bool after_letter_ = false;
  double kept_ = 0;
};

}  // namespace sotto::whisper
