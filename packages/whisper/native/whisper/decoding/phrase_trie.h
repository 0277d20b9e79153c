// Phrases that are expected in a recording, as a tree of their tokens: how much likelier each way through it is taken to be.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "model/vocabulary.h"

namespace sotto::whisper {

/** A phrase in one spelling. */
struct Phrase {
  std::string text;  // UTF-8, without spaces around it
  float weight = 1;  // of its lift

  bool operator==(const Phrase& other) const { return text == other.text && weight == other.weight; }
};

class PhraseTrie {
 public:
  static constexpr int kRoot = 0, kNone = -1;

  struct Child {
    TokenId token;
    int node;
  };

  PhraseTrie() : nodes_(1) {}
  /** Each phrase with and without a space before it. One that the vocabulary cannot spell is left out. Those that differ in the case of
   * their first letter are spellings of one. */
  PhraseTrie(const Vocabulary& vocabulary, const std::vector<Phrase>& phrases);

  /** @param counted tokens by which what the phrase keeps is reckoned */
  void add(const std::vector<TokenId>& tokens, float weight, size_t counted);
  void add(const std::vector<TokenId>& tokens, float weight) { add(tokens, weight, tokens.size()); }

  bool empty() const { return nodes_.size() == 1; }
  /** @returns the node that `token` leads to, or kNone. */
  int next(int node, TokenId token) const;
  /** By token. */
  const std::vector<Child>& children(int node) const { return nodes_[node].children; }
  /** Log-probability lent to a text that has come to `node`: at least 0. */
  double lift(int node) const { return nodes_[node].lift; }
  /** What it keeps when the phrase that ends at `node` is all there; 0: none ends there. */
  double kept(int node) const { return nodes_[node].kept; }

 private:
  struct Node {
    std::vector<Child> children;
    double lift = 0, kept = 0;
  };
  int grow(int node, TokenId token);

  std::vector<Node> nodes_;
};

}  // namespace sotto::whisper
