#include "model/tokenizer.h"

#include <cstring>

namespace sotto::whisper {
namespace {

// Classes of the "C" locale on bytes, which is what std::regex gives upstream: bytes above 127 are neither.
bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_other(unsigned char c) { return !is_letter(c) && !is_digit(c) && !is_space(c); }

template <typename Is>
size_t run(const std::string& text, size_t at, Is is) {
  while (at < text.size() && is(uint8_t(text[at]))) ++at;
  return at;
}

size_t contraction_end(const std::string& text, size_t at) {
  for (const char* c : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"})
    if (text.compare(at, std::strlen(c), c) == 0) return at + std::strlen(c);
  return at;
}

// 's|'t|'re|'ve|'m|'ll|'d| ?letters| ?digits| ?others|\s+(?!\S)|\s+
size_t word_end(const std::string& text, size_t at) {
  const size_t contracted = contraction_end(text, at);
  if (contracted > at) return contracted;
  const size_t first = text[at] == ' ' ? at + 1 : at;
  for (const auto is : {is_letter, is_digit, is_other}) {
    const size_t end = run(text, first, is);
    if (end > first) return end;
  }
  const size_t blank = run(text, at, is_space);
  // Several blanks before a word leave the last one to that word.
  return blank < text.size() && blank - at > 1 ? blank - 1 : blank;
}

}  // namespace

std::vector<TokenId> tokenize(const Vocabulary& vocabulary, const std::string& text) {
  std::vector<TokenId> tokens;
  for (size_t at = 0; at < text.size();) {
    const size_t end = word_end(text, at);
    while (at < end) {
      size_t stop = end;
      TokenId id = -1;
      while (stop > at && (id = vocabulary.find(text.substr(at, stop - at))) < 0) --stop;
      if (id >= 0) tokens.push_back(id);
      at = id >= 0 ? stop : at + 1;
    }
  }
  return tokens;
}

}  // namespace sotto::whisper
