// Tokens by id, and the ids with a meaning of their own. Layout: OpenAI whisper/tokenizer.py.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sotto::whisper {

using TokenId = int32_t;

class Vocabulary {
 public:
  Vocabulary() = default;
  /** `texts`: the tokens stored in the file, in rank order; ids above them are Whisper's special tokens. */
  Vocabulary(std::vector<std::string> texts, int n_vocab);

  int size() const { return n_vocab_; }
  bool is_multilingual() const { return n_vocab_ >= 51865; }
  int language_count() const { return n_vocab_ - 51765 - (is_multilingual() ? 1 : 0); }

  TokenId eot() const { return eot_; }
  TokenId sot() const { return eot_ + 1; }
  TokenId language(int index) const { return sot() + 1 + index; }
  TokenId translate() const { return begin() - 6; }
  TokenId transcribe() const { return begin() - 5; }
  TokenId previous() const { return begin() - 3; }
  TokenId no_speech() const { return begin() - 2; }
  TokenId no_timestamps() const { return begin() - 1; }
  /** <|0.00|>: this id and all above it are times, 20 ms apart. */
  TokenId begin() const { return begin_; }

  bool is_text(TokenId id) const { return id < eot_; }
  bool is_time(TokenId id) const { return id >= begin_; }

  /** The token's bytes (may be part of a UTF-8 character); "" for special tokens. */
  const std::string& text(TokenId id) const;
  /** @returns the id of exactly these bytes, or -1. */
  TokenId find(const std::string& text) const;

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, TokenId> ids_;
  int n_vocab_ = 0;
  TokenId eot_ = 0;
  TokenId begin_ = 0;
};

}  // namespace sotto::whisper
