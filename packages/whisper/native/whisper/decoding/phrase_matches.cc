#include "decoding/phrase_matches.h"

#include <algorithm>
#include <cstdint>

namespace sotto::whisper {
namespace {

// In scripts that put spaces between words: Latin, Greek, Cyrillic and their neighbours, whose letters have two bytes at most.
bool is_spaced_letter(char c) {
  const auto byte = uint8_t(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= 0xC3 && byte <= 0xDF);
}

bool ends_in_letter(const std::string& text) {
  if (text.empty()) return false;
  const bool is_second_byte = (uint8_t(text.back()) & 0xC0) == 0x80;
  return is_spaced_letter(is_second_byte && text.size() > 1 ? text[text.size() - 2] : text.back());
}

}  // namespace

void PhraseMatches::accept(const PhraseTrie& trie, const Vocabulary& vocabulary, TokenId token, bool is_likeliest) {
  const bool is_text = vocabulary.is_text(token);
  const std::string& text = vocabulary.text(token);
  const bool inside_word = is_text && after_letter_ && !text.empty() && is_spaced_letter(text[0]);
  for (Place& place : places_) {
    if (place.node == PhraseTrie::kNone) continue;
    if (!inside_word && trie.kept(place.node) > 0) {
      place.kept = place.needs_lift ? trie.kept(place.node) : 0;
      place.end = length_;
    }
    place.needs_lift |= !is_likeliest;
    place.node = is_text ? trie.next(place.node, token) : PhraseTrie::kNone;
  }
  const int begun = is_text && !inside_word ? trie.next(PhraseTrie::kRoot, token) : PhraseTrie::kNone;
  if (begun != PhraseTrie::kNone) places_.push_back({begun, length_, !is_likeliest});
  settle();
  ++length_;
  after_letter_ = is_text && ends_in_letter(text);
}

// What began first decides first: a phrase that was found there rules out those that began inside it.
void PhraseMatches::settle() {
  while (!places_.empty() && places_[0].node == PhraseTrie::kNone) {
    const Place found = places_[0];
    kept_ += found.kept;
    const auto is_over = [&](const Place& place) { return place.begin == found.begin || (found.end > 0 && place.begin < found.end); };
    places_.erase(std::remove_if(places_.begin(), places_.end(), is_over), places_.end());
  }
}

double PhraseMatches::lent(const PhraseTrie& trie) const {
  double lent = 0;
  for (const Place& place : places_) {
    lent = std::max(lent, place.kept);
    if (place.node != PhraseTrie::kNone && place.needs_lift) lent = std::max({lent, trie.lift(place.node), trie.kept(place.node)});
  }
  return lent;
}

}  // namespace sotto::whisper
