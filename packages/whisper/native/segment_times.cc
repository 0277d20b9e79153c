#include "segment_times.h"

#include <algorithm>

#include "alignment.h"

namespace sotto {

namespace {

constexpr int kMelFrameMs = 10;
constexpr int kPassFrames = 1500;
constexpr size_t kMaxTextTokens = 440;  // of 448; the rest is start, language, no-timestamps and end of text

std::vector<int32_t> start_tokens(whisper_context* ctx, const std::string& language) {
  std::vector<int32_t> ids = {whisper_token_sot(ctx)};
  if (whisper_is_multilingual(ctx)) {
    ids.push_back(whisper_token_lang(ctx, whisper_lang_id(language.c_str())));
    ids.push_back(whisper_token_transcribe(ctx));
  }
  ids.push_back(whisper_token_not(ctx));
  return ids;
}

// Ascending and inside their segment and the audio.
void settle(std::vector<Segment>& segments, int audio_ms) {
  int last = 0;
  for (Segment& segment : segments) {
    for (Token& token : segment.tokens) {
      if (token.start_ms < 0) continue;
      token.start_ms = std::clamp(token.start_ms, last, audio_ms);
      token.end_ms = std::clamp(token.end_ms, token.start_ms, audio_ms);
      last = token.start_ms;
    }
  }
}

}  // namespace

Segment take_segment(whisper_context* ctx, whisper_state* state, int index, int audio_ms) {
  Segment segment;
  segment.start_ms = std::clamp((int)whisper_full_get_segment_t0_from_state(state, index) * kMelFrameMs, 0, audio_ms);
  segment.end_ms = std::clamp((int)whisper_full_get_segment_t1_from_state(state, index) * kMelFrameMs, segment.start_ms, audio_ms);
  const int count = whisper_full_n_tokens_from_state(state, index);
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const whisper_token_data data = whisper_full_get_token_data_from_state(state, index, i);
    if (data.id >= whisper_token_eot(ctx)) continue;
    Token token;
    token.id = data.id;
    token.bytes = whisper_token_to_str(ctx, data.id);
    token.p = data.p;
    token.plog = data.plog;
    sum += data.plog;
    segment.tokens.push_back(std::move(token));
  }
  segment.avg_logprob = segment.tokens.empty() ? 0.0f : (float)(sum / (double)segment.tokens.size());
  return segment;
}

void set_token_times(const RunContext& run, std::vector<Segment>& segments, const std::string& language, int audio_ms, int threads,
                     ggml_abort_callback abort, void* abort_data) {
  const int pass_start_ms = encoded_offset(run.state) * kMelFrameMs;
  std::vector<int32_t> ids = start_tokens(run.ctx, language);
  const int before_text = (int)ids.size();
  std::vector<Token*> tokens;
  for (Segment& segment : segments) {
    for (Token& token : segment.tokens) tokens.push_back(&token);
  }
  if (tokens.size() > kMaxTextTokens) return;
  for (const Token* token : tokens) ids.push_back(token->id);
  ids.push_back(whisper_token_eot(run.ctx));

  AttentionMap map;
  map.heads = (int)run.heads->size();
  map.tokens = (int)ids.size();
  map.frames = std::clamp((audio_ms - pass_start_ms) / kFrameMs, 1, kPassFrames);
  if (!cross_attention(run.ctx, run.state, ids, map.frames, *run.heads, threads, abort, abort_data, map.weights)) return;

  const std::vector<TokenSpan> spans = align_tokens(std::move(map), before_text);
  for (size_t i = 0; i < spans.size(); ++i) {
    tokens[i]->start_ms = pass_start_ms + spans[i].start_ms;
    tokens[i]->end_ms = pass_start_ms + spans[i].end_ms;
  }
  settle(segments, audio_ms);
}

}  // namespace sotto
