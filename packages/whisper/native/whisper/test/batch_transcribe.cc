// Transcribes a WAV file in windows and prints the text and the time it took.
//   batch_transcribe --model=M --wav=W [--slots=8 --threads=2 --seconds=30 --print=text|timed|words|none --phrases=FILE ...]
#include <chrono>
#include <cstdio>
#include <fstream>

#include "arguments.h"
#include "decoding/phrase_trie.h"
#include "many_windows.h"
#include "upstream.h"

using namespace sotto;
using namespace sotto::whisper;

static void print(const Outcome& outcome, size_t start, const std::string& how) {
  if (outcome.status != Status::ok) std::printf("failed: %s\n", outcome.error.c_str());
  if (how == "text") std::printf("%s\n", text_of(outcome.result).c_str());
  if (how == "timed") std::printf("%s\n", timed_text_of(outcome.result).c_str());
  if (how != "words") return;
  for (const Segment& segment : outcome.result.segments)
    for (const Token& token : segment.tokens)
      std::printf("%7.2f %7.2f %.3f %s\n", start / 16000.0 + token.start_ms / 1000.0, start / 16000.0 + token.end_ms / 1000.0, token.p,
                  token.bytes.c_str());
}

/** A file with a phrase in each line; "": none. */
static std::shared_ptr<const PhraseTrie> read_phrases(const std::string& path, const Vocabulary& vocabulary) {
  if (path.empty()) return nullptr;
  std::ifstream file(path);
  std::vector<Phrase> phrases;
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) phrases.push_back({line, 1});
  return std::make_shared<PhraseTrie>(vocabulary, phrases);
}

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const std::vector<float> pcm = read_wav(arguments.text("wav", ""));
  const auto spans = cut_windows(pcm.size(), arguments.number("seconds", 30), false);
  Engine::Created created = Engine::create(arguments.engine());
  if (!created.engine) return std::fprintf(stderr, "%s\n", created.error.c_str()), 1;
  Engine& engine = *created.engine;
  WindowOptions options = arguments.window();
  options.phrases = read_phrases(arguments.text("phrases", ""), engine.model().vocabulary);
  const auto begin = std::chrono::steady_clock::now();
  const auto outcomes = transcribe_all(engine, pcm, spans, options);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (size_t i = 0; i < outcomes.size(); ++i) print(outcomes[i], spans[i].start, arguments.text("print", "text"));
  std::fprintf(stderr, "%s backend, %zu windows, %.2f s of audio in %.2f s: RTFx %.1f\n", engine.backend(), spans.size(),
               pcm.size() / 16000.0, seconds, pcm.size() / 16000.0 / seconds);
  return 0;
}
