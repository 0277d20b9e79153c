#include "model/byte_pairs.h"

#include <cstdint>

namespace sotto::whisper {
namespace {

enum class Kind { letter, digit, space, other };

// Bytes above 127 are parts of letters: other characters up there are rare in names.
Kind kind_of(char c) {
  const auto byte = uint8_t(c);
  if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80) return Kind::letter;
  if (byte >= '0' && byte <= '9') return Kind::digit;
  return byte == ' ' ? Kind::space : Kind::other;
}

// A run of one kind, with the space before it. Contractions ('s) are not told apart: an apostrophe is a run of its own.
size_t word_end(const std::string& text, size_t at) {
  size_t end = text[at] == ' ' && at + 1 < text.size() ? at + 1 : at;
  const Kind kind = kind_of(text[end]);
  while (end < text.size() && kind_of(text[end]) == kind) ++end;
  return end;
}

// Neighbours whose union is the lowest token are joined first, as long as there are any.
bool append_word(const Vocabulary& vocabulary, const std::string& word, std::vector<TokenId>& tokens) {
  std::vector<std::string> parts;
  for (const char c : word) parts.emplace_back(1, c);
  while (parts.size() > 1) {
    size_t best = 0;
    TokenId lowest = -1;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      const TokenId id = vocabulary.find(parts[i] + parts[i + 1]);
      if (id < 0 || (lowest >= 0 && id >= lowest)) continue;
      lowest = id;
      best = i;
    }
    if (lowest < 0) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + best + 1);
  }
  for (const std::string& part : parts) {
    const TokenId id = vocabulary.find(part);
    if (id < 0) return false;
    tokens.push_back(id);
  }
  return true;
}

}  // namespace

std::vector<TokenId> byte_pair_tokens(const Vocabulary& vocabulary, const std::string& text) {
  std::vector<TokenId> tokens;
  for (size_t at = 0; at < text.size();) {
    const size_t end = word_end(text, at);
    if (!append_word(vocabulary, text.substr(at, end - at), tokens)) return {};
    at = end;
  }
  return tokens;
}

}  // namespace sotto::whisper
