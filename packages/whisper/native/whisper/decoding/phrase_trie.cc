#include "decoding/phrase_trie.h"

#include <algorithm>

#include "model/byte_pairs.h"

namespace sotto::whisper {
namespace {

// Log-probability, for each token. Generous on the way, which costs rows and nothing else; sparing at the end, which decides what is written,
// and most with phrases of one token, which the model knows. Tuned with bench/src/engine/names.ts, on its development half.
constexpr double kLift = 4, kFirstKept = 0.5, kNextKept = 2.5;

bool is_before(const PhraseTrie::Child& child, TokenId token) { return child.token < token; }

}  // namespace

PhraseTrie::PhraseTrie(const Vocabulary& vocabulary, const std::vector<Phrase>& phrases) : PhraseTrie() {
  for (const Phrase& phrase : phrases)
    for (const char* before : {" ", ""}) add(byte_pair_tokens(vocabulary, before + phrase.text), phrase.weight);
}

void PhraseTrie::add(const std::vector<TokenId>& tokens, float weight) {
  int node = kRoot;
  for (size_t i = 0; i < tokens.size(); ++i) {
    node = grow(node, tokens[i]);
    nodes_[node].lift = std::max(nodes_[node].lift, weight * kLift * double(i + 1));
  }
  if (node == kRoot) return;
  nodes_[node].kept = std::max(nodes_[node].kept, weight * (kFirstKept + kNextKept * double(tokens.size() - 1)));
}

int PhraseTrie::next(int node, TokenId token) const {
  const auto& children = nodes_[node].children;
  const auto at = std::lower_bound(children.begin(), children.end(), token, is_before);
  return at != children.end() && at->token == token ? at->node : kNone;
}

int PhraseTrie::grow(int node, TokenId token) {
  auto& children = nodes_[node].children;
  const auto at = std::lower_bound(children.begin(), children.end(), token, is_before);
  if (at != children.end() && at->token == token) return at->node;
  const int grown = int(nodes_.size());
  children.insert(at, {token, grown});
  nodes_.emplace_back();  // may move `children`
  return grown;
}

}  // namespace sotto::whisper
