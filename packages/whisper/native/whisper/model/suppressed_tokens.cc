#include "model/suppressed_tokens.h"

#include <algorithm>
#include <string>

#include "model/tokenizer.h"
#include "window.h"

namespace sotto::whisper {
namespace {

// Between words a hyphen or a quote is speech; at the start of a word it is not.
const char* const kAtWordStart[] = {" -", " '"};
const char* const kSymbols[] = {"\"",  "#",  "(",  ")",  "*",   "+",  "/",  ":",   ";",   "<",  "=",  ">",  "@",  "[",   "\\",  "]",
                                "^",   "_",  "`",  "{",  "|",   "}",  "~",  "「",  "」",  "『", "』", "<<", ">>", "<<<", ">>>", "--",
                                "---", "-(", "-[", "('", "(\"", "((", "))", "(((", ")))", "[[", "]]", "{{", "}}", "♪♪",  "♪♪♪"};
// Most vocabularies have no token of their own for these: the bytes they begin with are ruled out.
const char* const kNotes[] = {"♩", "♪", "♫", "♬", "♭", "♮", "♯"};

void add_non_speech(const Vocabulary& vocabulary, std::vector<TokenId>& ids) {
  const auto add = [&](const std::string& text) {
    const TokenId id = vocabulary.find(text);
    if (id >= 0) ids.push_back(id);
  };
  const auto add_first = [&](const std::string& text) {
    const std::vector<TokenId> tokens = tokenize(vocabulary, text);
    if (!tokens.empty()) ids.push_back(tokens[0]);
  };
  for (const char* text : kAtWordStart) add(text);
  for (const std::string text : kSymbols) {
    add(text);
    add(" " + text);
  }
  for (const std::string text : kNotes) {
    add_first(text);
    add_first(" " + text);
  }
}

}  // namespace

std::vector<TokenId> suppressed_tokens(const Vocabulary& vocabulary, const std::vector<int32_t>& wanted) {
  std::vector<TokenId> ids;
  for (const int32_t id : wanted) {
    if (id == kNonSpeech) add_non_speech(vocabulary, ids);
    if (id >= 0 && vocabulary.is_text(id)) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace sotto::whisper
