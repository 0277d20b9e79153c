// What goes into the decoding of one window and what comes out: plain structs, no Node types, no ggml types.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto {

namespace whisper {
class PhraseTrie;
}

constexpr int kSampleRate = 16000;
constexpr int kMaxWindowSamples = 30 * kSampleRate;
constexpr int32_t kNonSpeech = -1;

// Defaults are set in src/engine/options.ts; nothing here decides for the caller.
struct WindowOptions {
  std::string language;                // "" = detect
  std::vector<std::string> languages;  // considered when it is detected; empty = all
  bool translate = false;
  float temperature = 0.0f;
  float temperature_increment = 0.2f;  // 0 = no fallback
  int beam_size = 1;                   // 1 = greedy
  int best_of = 5;                     // candidates of each try at a temperature above 0
  float patience = 1.0f;               // beam search goes on until beam_size * patience hypotheses have ended
  float length_penalty = -1.0f;        // Google NMT's exponent, 0..1; below 0: hypotheses are ranked by their mean log-probability
  std::vector<int32_t> suppress_tokens;  // never said; kNonSpeech stands for all symbols that are not spoken
  std::string prompt;                  // "" = none
  std::string given;                   // what is said: it gets times, and nothing is decoded; "" = not known
  std::shared_ptr<const whisper::PhraseTrie> phrases;  // to be expected; null: none
  bool word_times = true;              // false: token times stay -1
  bool timestamps = true;              // false: one segment, no time tokens
  int tail_ms = -1;                    // silence that the encoder hears after the audio; -1 = up to 30 s, as models were trained
  float no_speech_threshold = 0.6f;
  float logprob_threshold = -1.0f;
  float entropy_threshold = 2.4f;
};

struct Token {
  int32_t id = 0;
  std::string bytes;        // raw: a UTF-8 character can span tokens
  float p = 0;              // among text tokens, given all before it, where words get times; else as plog
  float plog = 0;           // of its decoding: after temperature and logit filters
  int32_t start_ms = -1, end_ms = -1;  // inside the window, -1: not aligned
};

struct Segment {
  int32_t start_ms = 0, end_ms = 0;
  std::vector<Token> tokens;  // text tokens only
  float avg_logprob = 0;
};

struct WindowResult {
  std::vector<Segment> segments;
  std::string language;
  float language_probability = -1;  // -1: not detected
  float no_speech_prob = 0;
  float temperature = 0;            // the highest that was needed
  float avg_logprob = 0;            // mean over text tokens
  std::vector<std::pair<std::string, float>> language_probabilities;  // when detected
};

enum class Status { ok, cancelled, failed };

}  // namespace sotto
