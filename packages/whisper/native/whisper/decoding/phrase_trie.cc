#include "decoding/phrase_trie.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <string>

#include "model/byte_pairs.h"

namespace sotto::whisper {
namespace {

// Log-probability, for each token. Generous on the way, which costs rows and nothing else; sparing at the end, which decides what is written,
// and most with phrases of one token, which the model knows. Tuned with bench/src/engine/names.ts, on its development half.
constexpr double kLift = 4, kFirstKept = 0.5, kNextKept = 2.5;

// Of the first letter, as far as it is one of ASCII.
std::string without_case(std::string text) {
  if (!text.empty()) text[0] = char(std::tolower(uint8_t(text[0])));
  return text;
}

bool is_before(const PhraseTrie::Child& child, TokenId token) { return child.token < token; }

}  // namespace

PhraseTrie::PhraseTrie(const Vocabulary& vocabulary, const std::vector<Phrase>& phrases) : PhraseTrie() {
  struct Spelling {
    const Phrase* phrase;
    std::vector<TokenId> tokens;
  };
  std::map<std::string, std::vector<Spelling>> spellings;
  for (const Phrase& phrase : phrases)
    for (const char* before : {" ", ""}) {
      auto tokens = byte_pair_tokens(vocabulary, before + phrase.text);
      if (!tokens.empty()) spellings[without_case(phrase.text)].push_back({&phrase, std::move(tokens)});
    }
  // A word that one token spells is one that the model knows, in all its spellings: "americans" is no rarer than "Americans".
  const auto is_shorter = [](const Spelling& a, const Spelling& b) { return a.tokens.size() < b.tokens.size(); };
  for (const auto& [_, of_one] : spellings) {
    const bool is_known = std::min_element(of_one.begin(), of_one.end(), is_shorter)->tokens.size() == 1;
    for (const Spelling& spelling : of_one) add(spelling.tokens, spelling.phrase->weight, is_known ? 1 : spelling.tokens.size());
  }
}

void PhraseTrie::add(const std::vector<TokenId>& tokens, float weight, size_t counted) {
  int node = kRoot;
  for (size_t i = 0; i < tokens.size(); ++i) {
    node = grow(node, tokens[i]);
    nodes_[node].lift = std::max(nodes_[node].lift, weight * kLift * double(i + 1));
  }
  if (node == kRoot) return;
  nodes_[node].kept = std::max(nodes_[node].kept, weight * (kFirstKept + kNextKept * double(counted - 1)));
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
