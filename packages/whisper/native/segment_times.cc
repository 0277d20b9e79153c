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

// Token times from the spans of the alignment: ascending, inside the audio, not in a pause.
void place(const std::vector<Token*>& tokens, const std::vector<TokenSpan>& spans, int pass_start_ms, int lag_ms,
           const SpeechEdges& edges, int audio_ms) {
  int last = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    const int heard = std::clamp(pass_start_ms + spans[i].start_ms - lag_ms, last, audio_ms);
    tokens[i]->start_ms = std::min(edges.next_sound(heard, pass_start_ms + spans[i].end_ms), audio_ms);
    last = tokens[i]->start_ms;
  }
  for (size_t i = 0; i < spans.size(); ++i) {
    const int start = tokens[i]->start_ms;
    const int end = i + 1 < spans.size() ? tokens[i + 1]->start_ms : std::min(pass_start_ms + spans[i].end_ms, audio_ms);
    tokens[i]->end_ms = std::max(start, edges.last_sound(end, start));
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

void set_token_times(const RunContext& run, std::vector<Segment>& segments, const std::string& language, const SpeechEdges& edges,
                     int audio_ms, int threads, ggml_abort_callback abort, void* abort_data) {
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
  map.heads = (int)run.alignment->heads.size();
  map.tokens = (int)ids.size();
  map.frames = std::clamp((audio_ms - pass_start_ms) / kFrameMs, 1, kPassFrames);
  if (!cross_attention(run.ctx, run.state, ids, map.frames, run.alignment->heads, threads, abort, abort_data, map.weights)) return;

  place(tokens, align_tokens(map, before_text), pass_start_ms, run.alignment->lag_ms, edges, audio_ms);
}

}  // namespace sotto
