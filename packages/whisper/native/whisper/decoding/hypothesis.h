// A text under way, token by token, and whisper.cpp's bookkeeping over it (whisper_full_with_state's decoder).
//
// running -> completed: end of text, or a time at the end of the audio
// running -> failed: times ran backwards, ended without a time, or looped until the token limit
#pragma once
#include <cstdint>
#include <vector>

#include "decoding/phrase_matches.h"
#include "decoding/token_choice.h"

namespace sotto::whisper {

/** What a pass over the window may use: times are 10 ms frames. */
struct PassLimits {
  int seek = 0;         // first frame of the pass
  int seek_end = 0;     // frame after the window's audio
  int audio_ms = 0;     // length of the window
  int max_tokens = 220;
  bool timestamps = true;
};

constexpr int kChunkFrames = 3000;
constexpr int kMinFrames = 10;  // less than 100 ms is not decoded

struct Hypothesis {
  enum class State { running, completed, failed };

  std::vector<TokenChoice> tokens;
  std::vector<int32_t> cells;  // self-attention cells of the prompt and of `tokens`, in order
  double sum_logprob = 0;      // over all tokens
  State state = State::running;
  int seek_delta = kChunkFrames;  // frames that the text up to the last time covers
  int result_length = 0;          // tokens up to the last time
  bool has_time = false;
  int source = 0;  // among the draws of an attempt: which one
  PhraseMatches phrases;  // expected ones, in `tokens`
  bool aside = false;     // kept beside the beams until its phrase is all there

  double lifted_sum() const { return sum_logprob + phrases.kept(); }

  bool running() const { return state == State::running; }
};

/** Adds a token and applies the rules of the pass. */
void extend(Hypothesis& hypothesis, const TokenChoice& choice, const PassLimits& limits, const Vocabulary& vocabulary);

/** @param length_penalty below 0: the average; else Google NMT's: the sum over (5 + length) / 6 to its power. */
double ranked(double sum_logprob, size_t length, float length_penalty);

/** How sure a finished hypothesis is. Ranked with its end of text, as OpenAI does; whisper.cpp leaves that out, and so prefers those
 *  that broke off after a likely first token. */
struct Score {
  double average_logprob;  // over the result: up to the last time; with the lifts it keeps: a rare name is no sign of a failed decoding
  double entropy;          // of the last 32 tokens: low when they repeat
  double rank;
};
Score score(const Hypothesis& hypothesis, float length_penalty);

}  // namespace sotto::whisper
