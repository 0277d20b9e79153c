#include "upstream.h"

#include <algorithm>

namespace sotto::whisper {
namespace {

/** `audio_ctx` of upstream: of a window that is decoded in one pass. 0: 30 s. */
int encoder_frames(const WindowOptions& options, size_t samples) {
  if (options.tail_ms < 0) return 0;
  const int ms = int(samples * 1000 / kSampleRate) / 10 * 10 + options.tail_ms;
  return std::min(1500, (ms / 20 / 64 + 1) * 64);
}

whisper_full_params params_of(const WindowOptions& options, size_t samples) {
  whisper_full_params p = whisper_full_default_params(options.beam_size > 1 ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY);
  p.n_threads = 2;
  p.no_context = true;
  p.print_progress = p.print_realtime = p.print_timestamps = false;
  p.language = options.language.empty() ? "auto" : options.language.c_str();
  p.translate = options.translate;
  p.temperature = options.temperature;
  p.temperature_inc = options.temperature_increment;
  p.greedy.best_of = options.best_of;
  p.beam_search.beam_size = options.beam_size;
  p.initial_prompt = options.prompt.empty() ? nullptr : options.prompt.c_str();
  p.no_timestamps = !options.timestamps;
  p.no_speech_thold = options.no_speech_threshold;
  p.logprob_thold = options.logprob_threshold;
  p.entropy_thold = options.entropy_threshold;
  p.audio_ctx = encoder_frames(options, samples);
  return p;
}

}  // namespace

WindowResult upstream_transcribe(whisper_context* model, const float* samples, size_t count, const WindowOptions& options) {
  whisper_state* state = whisper_init_state(model);  // a fresh one: upstream's draws depend on a state's history
  WindowResult result;
  whisper_full_with_state(model, state, params_of(options, count), samples, int(count));
  result.language = whisper_lang_str(std::max(0, whisper_full_lang_id_from_state(state)));
  for (int i = 0; i < whisper_full_n_segments_from_state(state); ++i) {
    Segment segment;
    // Upstream's times may lie past the audio, without time tokens even before it.
    const int64_t audio_ms = int64_t(count) * 1000 / kSampleRate;
    segment.start_ms = int32_t(std::clamp<int64_t>(whisper_full_get_segment_t0_from_state(state, i) * 10, 0, audio_ms));
    segment.end_ms = int32_t(std::clamp<int64_t>(whisper_full_get_segment_t1_from_state(state, i) * 10, 0, audio_ms));
    for (int j = 0; j < whisper_full_n_tokens_from_state(state, i); ++j) {
      const whisper_token_data data = whisper_full_get_token_data_from_state(state, i, j);
      if (data.id >= whisper_token_eot(model)) continue;
      segment.tokens.push_back({data.id, whisper_token_to_str(model, data.id), data.p, data.plog, -1, -1});
    }
    result.no_speech_prob = whisper_full_get_segment_no_speech_prob_from_state(state, i);
    result.segments.push_back(std::move(segment));
  }
  whisper_free_state(state);
  return result;
}

std::string text_of(const WindowResult& result) {
  std::string text;
  for (const Segment& segment : result.segments)
    for (const Token& token : segment.tokens) text += token.bytes;
  return text;
}

std::string timed_text_of(const WindowResult& result) {
  std::string text;
  for (const Segment& segment : result.segments) {
    text += "[" + std::to_string(segment.start_ms) + ">";
    for (const Token& token : segment.tokens) text += token.bytes;
    text += "<" + std::to_string(segment.end_ms) + "]";
  }
  return text;
}

}  // namespace sotto::whisper
