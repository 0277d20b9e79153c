#include "window_run.h"

#include <algorithm>
#include <cmath>

#include "alignment.h"
#include "log_sink.h"
#include "segment_times.h"
#include "speech_edges.h"
#include "window_progress.h"

namespace sotto {

namespace {

constexpr size_t kMinSamples = kSampleRate;  // below a second whisper.cpp often finds nothing, below 0.1 s it refuses

bool is_cancelled(void* hooks) {
  const auto* flag = static_cast<const WindowHooks*>(hooks)->cancelled;
  return flag != nullptr && flag->load(std::memory_order_relaxed);
}

// NaN would spread over the whole spectrogram; whisper.cpp checks nothing.
void make_sound(std::vector<float>& pcm) {
  for (float& sample : pcm) sample = std::isfinite(sample) ? std::clamp(sample, -1.0f, 1.0f) : 0.0f;
  if (pcm.size() < kMinSamples) pcm.resize(kMinSamples, 0.0f);
}

// One call of whisper_full over a window; it may encode more than once, each time from where the last text ended.
class WindowRun {
 public:
  WindowRun(const RunContext& run, const WindowOptions& options, const WindowHooks& hooks, const SpeechEdges& edges, int audio_ms,
            WindowResult& result)
      : run_(run), options_(options), hooks_(hooks), edges_(edges), audio_ms_(audio_ms), result_(result), progress_(hooks.on_progress, audio_ms) {}

  int decode() {
    whisper_full_params params = parameters();
    const int code = whisper_full_with_state(run_.ctx, run_.state, params, nullptr, 0);
    if (code == 0 && !is_cancelled((void*)&hooks_)) finish_pass();
    return code;
  }

 private:
  whisper_full_params parameters() {
    const bool beam = options_.beam_size > 1;
    whisper_full_params p = whisper_full_default_params(beam ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY);
    p.n_threads = options_.threads;
    p.translate = options_.translate;
    p.no_context = true;
    p.no_timestamps = !options_.timestamps;
    p.print_special = p.print_progress = p.print_realtime = p.print_timestamps = false;
    p.initial_prompt = options_.prompt.empty() ? nullptr : options_.prompt.c_str();
    p.language = result_.language.c_str();
    p.temperature = options_.temperature;
    p.temperature_inc = options_.temperature_increment;
    p.entropy_thold = options_.entropy_threshold;
    p.logprob_thold = options_.logprob_threshold;
    p.no_speech_thold = options_.no_speech_threshold;
    p.greedy.best_of = options_.best_of;
    p.beam_search.beam_size = options_.beam_size;
    p.abort_callback = is_cancelled;
    p.abort_callback_user_data = (void*)&hooks_;
    p.encoder_begin_callback = [](whisper_context*, whisper_state*, void* self) { return static_cast<WindowRun*>(self)->begin_pass(); };
    p.encoder_begin_callback_user_data = this;
    p.logits_filter_callback = [](whisper_context* ctx, whisper_state*, const whisper_token_data* tokens, int n, float*, void* self) {
      static_cast<WindowRun*>(self)->saw_tokens(ctx, tokens, n);
    };
    p.logits_filter_callback_user_data = this;
    return p;
  }

  // Called before each encoder pass: what the pass before has found is still in the caches and is finished now.
  bool begin_pass() {
    if (is_cancelled((void*)&hooks_)) return false;
    finish_pass();
    return true;
  }

  // Called for every token of every decoder, possibly from several threads at once.
  void saw_tokens(whisper_context* ctx, const whisper_token_data* tokens, int n) {
    const int pass_start_ms = encoded_offset(run_.state) * 10;
    if (n == 0) {
      ++tries_;
      progress_.encoded(pass_start_ms);
      return;
    }
    const int time_ms = (tokens[n - 1].id - whisper_token_beg(ctx)) * kFrameMs;
    if (time_ms > 0) progress_.decoded(pass_start_ms, time_ms);
  }

  void finish_pass() {
    if (tries_ > 0) {
      const float used = options_.temperature + (tries_ - 1) * options_.temperature_increment;
      result_.temperature = std::max(result_.temperature, used);
      tries_ = 0;
      if (passes_++ == 0) result_.no_speech_prob = no_speech_probability(run_.state);
    }
    const int count = whisper_full_n_segments_from_state(run_.state);
    std::vector<Segment> fresh;
    for (int i = taken_; i < count; ++i) {
      Segment segment = take_segment(run_.ctx, run_.state, i, audio_ms_);
      if (!segment.tokens.empty()) fresh.push_back(std::move(segment));
    }
    taken_ = count;
    if (fresh.empty()) return;
    if (options_.word_times) {
      set_token_times(run_, fresh, result_.language, edges_, audio_ms_, options_.threads, is_cancelled, (void*)&hooks_);
    }
    for (Segment& segment : fresh) {
      if (hooks_.on_segment) hooks_.on_segment(segment);
      result_.segments.push_back(std::move(segment));
    }
  }

  const RunContext& run_;
  const WindowOptions& options_;
  const WindowHooks& hooks_;
  const SpeechEdges& edges_;
  const int audio_ms_;
  WindowResult& result_;
  WindowProgress progress_;
  std::atomic<int> tries_{0};
  int taken_ = 0;
  int passes_ = 0;
};

float mean_logprob(const std::vector<Segment>& segments) {
  double sum = 0;
  size_t count = 0;
  for (const Segment& segment : segments) {
    for (const Token& token : segment.tokens) sum += token.plog;
    count += segment.tokens.size();
  }
  return count == 0 ? 0.0f : (float)(sum / (double)count);
}

Status fail(const WindowHooks& hooks, const char* what, std::string& message) {
  if (is_cancelled((void*)&hooks)) return Status::cancelled;
  const std::string logged = last_logged_error();
  message = logged.empty() ? what : std::string(what) + " (" + logged + ")";
  return Status::failed;
}

// The spectrogram of the window, kept in the state.
Status hear(const RunContext& run, const std::vector<float>& pcm, int threads, const WindowHooks& hooks, std::string& message) {
  const int code = whisper_pcm_to_mel_with_state(run.ctx, run.state, pcm.data(), (int)pcm.size(), threads);
  return code == 0 ? Status::ok : fail(hooks, "the spectrogram could not be computed", message);
}

Status detect(const RunContext& run, int threads, const WindowHooks& hooks, WindowResult& result, std::string& message) {
  if (!detect_language(run.ctx, run.state, threads, is_cancelled, (void*)&hooks, result.language_probabilities)) {
    return fail(hooks, "the language could not be detected", message);
  }
  result.language = result.language_probabilities.front().first;
  result.language_probability = result.language_probabilities.front().second;
  return Status::ok;
}

}  // namespace

Status run_language_detection(const RunContext& run, std::vector<float> pcm, int threads, const WindowHooks& hooks,
                              WindowResult& result, std::string& message) {
  make_sound(pcm);
  const Status status = hear(run, pcm, threads, hooks, message);
  return status == Status::ok ? detect(run, threads, hooks, result, message) : status;
}

Status run_window(const RunContext& run, std::vector<float> pcm, const WindowOptions& options, const WindowHooks& hooks,
                  WindowResult& result, std::string& message) {
  const int audio_ms = (int)(pcm.size() * 1000 / kSampleRate);
  make_sound(pcm);
  const SpeechEdges edges(options.word_times ? pcm : std::vector<float>());
  Status status = hear(run, pcm, options.threads, hooks, message);
  if (status != Status::ok) return status;
  result.language = options.language.empty() ? "en" : options.language;
  if (options.language.empty() && whisper_is_multilingual(run.ctx)) {
    status = detect(run, options.threads, hooks, result, message);
    if (status != Status::ok) return status;
  }
  const int code = WindowRun(run, options, hooks, edges, audio_ms, result).decode();
  if (is_cancelled((void*)&hooks)) return Status::cancelled;
  if (code != 0) return fail(hooks, "decoding failed", message);
  result.avg_logprob = mean_logprob(result.segments);
  if (hooks.on_progress) hooks.on_progress(1.0f);
  return Status::ok;
}

}  // namespace sotto
