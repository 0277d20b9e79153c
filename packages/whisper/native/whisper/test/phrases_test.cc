// Expected phrases: their tokens, how they are found in a text, what of their lift stays, and searches with and without them,
// over a made-up vocabulary and a decoder that is a plain function of the text so far.
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "check.h"
#include "decoding/attempt.h"
#include "decoding/phrase_matches.h"
#include "model/byte_pairs.h"

using namespace sotto::whisper;

static std::mt19937 random_source(1);

static int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_source); }

constexpr int kTexts = 24;

/** Few texts, so that phrases overlap, end inside words and repeat. The first 256 are bytes, as in Whisper's. */
static Vocabulary made_up_vocabulary() {
  std::vector<std::string> texts;
  for (int byte = 0; byte < 256; ++byte) texts.emplace_back(1, char(byte));
  for (const char* text : {" a",           "ab", " ab", "b",  "ba",  " b", "-",   " -",   ".",     "\xC3\xA9", " \xC3\xA9", "\xE6\x97\xA5",
                           "\xE6\x9C\xAC", "aa", " aa", "bb", " bb", "'",  "ab-", "abab", " abab", " ba",      "c",         " c"})
    texts.emplace_back(text);
  return Vocabulary(texts, 51864);
}

static TokenId random_text() { return 256 + between(0, kTexts - 1); }

static std::vector<TokenId> random_tokens(int least, int most) {
  std::vector<TokenId> tokens(between(least, most));
  for (TokenId& token : tokens) token = random_text();
  return tokens;
}

struct Listed {
  std::vector<TokenId> tokens;
  float weight;
};

static std::vector<Listed> random_phrases() {
  std::vector<Listed> phrases;
  for (int i = between(1, 12); i > 0; --i) phrases.push_back({random_tokens(1, 4), float(between(1, 8)) / 4});
  return phrases;
}

static PhraseTrie trie_of(const std::vector<Listed>& phrases) {
  PhraseTrie trie;
  for (const Listed& phrase : phrases) trie.add(phrase.tokens, phrase.weight);
  return trie;
}

// Letters of one or two bytes, digits. What a character is, is spelt out here: one that begins with E6 has three bytes.
static bool is_letter_at(const std::string& text, size_t at) {
  const auto byte = uint8_t(text[at]);
  return std::isalnum(byte) || (byte >= 0xC3 && byte <= 0xDF);
}

static bool is_inside_word(const Vocabulary& vocabulary, const std::vector<TokenId>& tokens, size_t at) {
  if (at == 0 || at == tokens.size()) return false;
  if (!vocabulary.is_text(tokens[at - 1]) || !vocabulary.is_text(tokens[at])) return false;
  const std::string &left = vocabulary.text(tokens[at - 1]), &right = vocabulary.text(tokens[at]);
  if (left.empty() || right.empty()) return false;
  size_t last = left.size() - 1;
  while (last > 0 && (uint8_t(left[last]) & 0xC0) == 0x80) --last;
  return is_letter_at(left, last) && is_letter_at(right, 0);
}

/** The phrases in `tokens`, by looking everywhere for each: leftmost, longest, whole words, none inside another, not said by the model itself. */
static double plain_kept(const Vocabulary& vocabulary, const std::vector<TokenId>& tokens, const std::vector<bool>& likeliest,
                         const std::vector<Listed>& phrases, const PhraseTrie& trie) {
  double sum = 0;
  for (size_t at = 0; at < tokens.size();) {
    size_t longest = 0;
    double kept = 0;
    for (const Listed& phrase : phrases) {
      const size_t end = at + phrase.tokens.size();
      if (end > tokens.size() || !std::equal(phrase.tokens.begin(), phrase.tokens.end(), tokens.begin() + at)) continue;
      if (is_inside_word(vocabulary, tokens, at) || is_inside_word(vocabulary, tokens, end)) continue;
      if (phrase.tokens.size() < longest) continue;
      longest = phrase.tokens.size();
      int node = PhraseTrie::kRoot;
      for (const TokenId token : phrase.tokens) node = trie.next(node, token);
      const auto begin = likeliest.begin() + at;
      kept = std::find(begin, begin + phrase.tokens.size(), false) != begin + phrase.tokens.size() ? trie.kept(node) : 0;
    }
    sum += kept;
    at += std::max<size_t>(1, longest);
  }
  return sum;
}

static void check_matches(const Vocabulary& vocabulary) {
  const std::vector<Listed> phrases = random_phrases();
  const PhraseTrie trie = trie_of(phrases);
  std::vector<TokenId> tokens = random_tokens(0, 20);
  if (between(0, 1)) {  // a listed phrase is really there, whole
    const auto& phrase = phrases[between(0, int(phrases.size()) - 1)].tokens;
    tokens.insert(tokens.begin() + between(0, int(tokens.size())), phrase.begin(), phrase.end());
  }
  if (!tokens.empty() && between(0, 3) == 0) tokens[between(0, int(tokens.size()) - 1)] = vocabulary.begin() + between(0, 1500);
  PhraseMatches matches;
  double before = 0;
  std::vector<bool> likeliest;
  for (const TokenId token : tokens) {
    likeliest.push_back(between(0, 1));
    matches.accept(trie, vocabulary, token, likeliest.back());
    SOTTO_CHECK(matches.kept() >= before && matches.lent(trie) >= 0);
    before = matches.kept();
    if (!vocabulary.is_text(token)) SOTTO_CHECK(matches.lent(trie) == 0);
  }
  matches.accept(trie, vocabulary, vocabulary.eot(), true);
  SOTTO_CHECK(matches.lent(trie) == 0);
  SOTTO_CHECK(std::fabs(matches.kept() - plain_kept(vocabulary, tokens, likeliest, phrases, trie)) < 1e-9);
}

static void check_byte_pairs(const Vocabulary& vocabulary) {
  std::string text;
  for (int i = between(0, 10); i > 0; --i) text += vocabulary.text(random_text());
  std::string joined;
  for (const TokenId token : byte_pair_tokens(vocabulary, text)) joined += vocabulary.text(token);
  SOTTO_CHECK(joined == text);
  SOTTO_CHECK(byte_pair_tokens(Vocabulary({"a"}, 51864), "ax").empty());
}

/** A decoder whose logits depend on the text so far and nothing else. */
class PlainDecoder {
 public:
  PlainDecoder(const Vocabulary& vocabulary, unsigned seed) : vocabulary_(vocabulary), seed_(seed) {}

  void logits(const std::vector<TokenId>& text, float* row) const {
    std::fill(row, row + vocabulary_.size(), -30.0f);
    uint64_t hash = seed_;
    for (const TokenId token : text) hash = hash * 1099511628211ull + uint64_t(token) + 1;
    std::mt19937 random(static_cast<unsigned>(hash ^ (hash >> 32)));
    std::normal_distribution<float> normal(0, 3);
    for (int i = 0; i < kTexts; ++i) row[256 + i] = normal(random);
    row[vocabulary_.eot()] = text.size() > 6 ? normal(random) + float(text.size()) / 4 : -8;
    for (int i = 0; i < 40; ++i) row[vocabulary_.begin() + 25 * i] = normal(random) - 4;
  }

 private:
  const Vocabulary& vocabulary_;
  unsigned seed_;
};

static std::vector<Hypothesis> search(const Model& model, const PlainDecoder& decoder, const PassLimits& limits, AttemptOptions options,
                                      std::shared_ptr<const PhraseTrie> phrases, int cells) {
  const TokenRules rules(model.vocabulary, 1500);
  CellPool pool(cells);
  std::vector<std::mt19937> randoms(1);
  options.phrases = std::move(phrases);
  Attempt attempt(model, rules, pool, randoms, {model.vocabulary.sot()}, limits, options);
  std::vector<std::vector<TokenId>> text_of_cell(cells);
  while (!attempt.done()) {
    std::vector<Row> rows;
    attempt.add_rows(0, rows);
    std::vector<float> logits(rows.size() * model.vocabulary.size());
    std::vector<std::vector<TokenId>> texts;
    for (size_t i = 0; i < rows.size(); ++i) {
      SOTTO_CHECK(rows[i].cell >= 0 && rows[i].cell < cells);
      if (rows[i].cell < 0 || rows[i].cell >= cells) return {};
      // A cell holds what its row left there: history through the cells must give the same text as the hypothesis has.
      std::vector<TokenId> text;
      if (rows[i].history > 1) text = text_of_cell[(*rows[i].cells)[rows[i].history - 2]];
      if (rows[i].token != model.vocabulary.sot()) text.push_back(rows[i].token);
      decoder.logits(text, logits.data() + i * model.vocabulary.size());
      texts.push_back(std::move(text));
    }
    for (size_t i = 0; i < rows.size(); ++i) text_of_cell[rows[i].cell] = texts[i];
    attempt.accept(logits.data(), model.vocabulary.size());
  }
  return attempt.hypotheses();
}

static std::vector<TokenId> ids_of(const Hypothesis& hypothesis) {
  std::vector<TokenId> ids;
  for (const TokenChoice& choice : hypothesis.tokens) ids.push_back(choice.id);
  return ids;
}

static bool same(const std::vector<Hypothesis>& a, const std::vector<Hypothesis>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (ids_of(a[i]) != ids_of(b[i]) || a[i].sum_logprob != b[i].sum_logprob || a[i].state != b[i].state) return false;
  return true;
}

static int said = 0, unsaid = 0, squeezed = 0;

static void check_search(const Model& model) {
  const Vocabulary& vocabulary = model.vocabulary;
  const PlainDecoder decoder(vocabulary, unsigned(between(0, 1 << 30)));
  PassLimits limits;
  limits.seek_end = 3000;
  limits.max_tokens = 24;
  limits.timestamps = between(0, 1);
  AttemptOptions options;
  options.width = between(0, 1) ? 1 : between(2, 5);
  options.patience = between(0, 2) ? 1 : 2;
  const std::vector<Listed> phrases = random_phrases();
  const auto trie = std::make_shared<PhraseTrie>(trie_of(phrases));
  const int enough = 1 + (options.width + 4) * 24, least = 1 + options.width * 24;
  const auto plain = search(model, decoder, limits, options, nullptr, enough);
  const auto lifted = search(model, decoder, limits, options, trie, enough);
  SOTTO_CHECK(!plain.empty() && !lifted.empty());
  bool any = false;
  for (const Hypothesis& hypothesis : lifted) {
    const auto ids = ids_of(hypothesis);
    // Which of its tokens were the likeliest is not told: it has no more than all lifts, and none without a phrase.
    const double most = plain_kept(vocabulary, ids, std::vector<bool>(ids.size()), phrases, *trie);
    SOTTO_CHECK(hypothesis.phrases.kept() >= 0 && hypothesis.phrases.kept() < most + 1e-9);
    double sum = 0;
    for (const TokenChoice& choice : hypothesis.tokens) sum += choice.logprob;
    SOTTO_CHECK(std::fabs(sum - hypothesis.sum_logprob) < 1e-9);
    if (hypothesis.phrases.kept() > 0) any = true;
  }
  ++(any ? said : unsaid);
  // Phrases of other words than any that the decoder says.
  PhraseTrie unheard;
  for (const Listed& phrase : phrases) {
    auto tokens = phrase.tokens;
    tokens.push_back('x');
    unheard.add(tokens, phrase.weight);
  }
  SOTTO_CHECK(same(plain, search(model, decoder, limits, options, std::make_shared<PhraseTrie>(unheard), enough)));
  SOTTO_CHECK(same(plain, search(model, decoder, limits, options, std::make_shared<PhraseTrie>(), enough)));
  // With no more cells than the beams alone may need.
  const auto tight = search(model, decoder, limits, options, trie, least);
  SOTTO_CHECK(!tight.empty());
  if (!same(tight, lifted)) ++squeezed;
}

int main() {
  const Vocabulary vocabulary = made_up_vocabulary();
  for (int i = 0; i < 20000; ++i) check_matches(vocabulary);
  for (int i = 0; i < 1000; ++i) check_byte_pairs(vocabulary);
  Model model;
  model.vocabulary = vocabulary;
  for (int i = 0; i < 400; ++i) check_search(model);
  std::printf("%d searches found phrases, %d did not, %d were short of cells\n", said, unsaid, squeezed);
  SOTTO_CHECK(said > 50 && unsaid > 10);
  return report("phrases_test");
}
