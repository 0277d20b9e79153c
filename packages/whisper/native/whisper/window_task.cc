#include "window_task.h"

#include <algorithm>

#include "alignment/given_text.h"
#include "decoding/language_detection.h"
#include "decoding/segments.h"
#include "model/language.h"
#include "model/suppressed_tokens.h"
#include "model/tokenizer.h"

namespace sotto::whisper {
namespace {

constexpr float kEncoderShare = 0.5f;  // of a pass: it takes about as long in the encoder as in the decoder
constexpr float kProgressStep = 0.02f;  // smaller steps are not worth a message
constexpr int kMelFrameMs = 10, kEncoderFrameMs = 20;
constexpr int kFramesTogether = 64;  // encoder frames: what kernels take at a time; with others, sums depend on the other windows
constexpr int kShortTailFrames = 500;  // context confuses the decoder on a short rest of audio (whisper.cpp)

std::vector<std::mt19937> seeded(int count) {
  std::vector<std::mt19937> randoms;
  for (int i = 0; i < std::max(1, count); ++i) randoms.emplace_back(i);
  return randoms;
}

// The first distilled models were trained without times.
bool is_first_distil(const Hparams& hp) { return hp.n_text_layer == 2 && hp.n_vocab != 51866; }

}  // namespace

WindowTask::WindowTask(const TaskContext& context, CellPool& cells, int slot, const Job& job, WindowResult& result)
    : context_(context),
      cells_(cells),
      slot_(slot),
      job_(job),
      options_(job.options),
      result_(result),
      randoms_(seeded(options_.best_of)),
      timestamps_(options_.timestamps && !is_first_distil(context.model.hparams)),
      audio_ms_(int(job.pcm.size() * 1000 / kSampleRate)),
      edges_(options_.word_times ? job.pcm : std::vector<float>()),
      suppressed_(suppressed_tokens(context.model.vocabulary, options_.suppress_tokens)),
      past_(tokenize(context.model.vocabulary, options_.prompt)) {
  if (job_.on_progress) job_.on_progress(0);
  result_.language = job.kind == JobKind::detect_language ? "" : options_.language;
  if (!context.model.vocabulary.is_multilingual()) result_.language = "en";
}

void WindowTask::set_mel(Mel mel) {
  mel_ = std::move(mel);
  seek_end_ = std::min(mel_.audio_frames, kChunkFrames);
  if (seek_ + kMinFrames >= seek_end_) finish();
}

Stretch WindowTask::stretch() const {
  const int most = context_.model.hparams.n_audio_ctx;
  if (options_.tail_ms < 0) return {seek_, most};
  const int64_t wanted_ms = int64_t(seek_end_ - seek_) * kMelFrameMs + options_.tail_ms;
  const int64_t frames = (wanted_ms / kEncoderFrameMs / kFramesTogether + 1) * kFramesTogether;
  return {seek_, int(std::min<int64_t>(frames, most))};
}

void WindowTask::encoded() {
  report(seek_, kEncoderShare);
  const bool detects = result_.language.empty();
  if (detects) stage_ = Stage::detect;
  if (!detects) job_.kind == JobKind::detect_language ? finish() : begin_text();
}

void WindowTask::begin_text() { options_.given.empty() ? begin_pass() : begin_given(); }

std::vector<TokenId> WindowTask::task_tokens() const {
  const Vocabulary& v = context_.model.vocabulary;
  if (!v.is_multilingual()) return {v.sot()};
  return {v.sot(), v.language(language_index(result_.language)), options_.translate ? v.translate() : v.transcribe()};
}

// The last tokens that half the decoder's positions hold beside the marker.
std::vector<TokenId> WindowTask::context_tokens() const {
  const size_t room = context_.model.hparams.n_text_ctx / 2 - 1;
  return {past_.end() - std::min(room, past_.size()), past_.end()};
}

void WindowTask::begin_pass() {
  if (seek_ > 0 && seek_ + kShortTailFrames >= seek_end_) past_.clear();
  limits_.seek = seek_;
  limits_.seek_end = seek_end_;
  limits_.audio_ms = audio_ms_;
  limits_.max_tokens = context_.model.hparams.n_text_ctx / 2 - 4;
  limits_.timestamps = timestamps_;
  Pass::Settings settings{context_tokens(), task_tokens(), limits_, suppressed_};
  if (!timestamps_) settings.task.push_back(context_.model.vocabulary.no_timestamps());
  pass_ = std::make_unique<Pass>(context_.model, context_.rules, cells_, randoms_, options_, std::move(settings));
  stage_ = Stage::decode;
}

void WindowTask::add_rows(std::vector<Row>& rows) {
  static const std::vector<int32_t> first_cell = {0};
  if (stage_ == Stage::detect) rows.push_back({context_.model.vocabulary.sot(), 0, slot_, 0, &first_cell, 1, true, false});
  if (stage_ == Stage::decode) pass_->add_rows(slot_, rows);
  if (stage_ == Stage::align) forced_->add_rows(slot_, rows);
}

void WindowTask::accept(float* logits, size_t stride, const float* attention) {
  if (stage_ == Stage::detect) {
    result_.language_probabilities = language_probabilities(logits, context_.model.vocabulary, options_.languages);
    result_.language = result_.language_probabilities[0].first;
    result_.language_probability = result_.language_probabilities[0].second;
    job_.kind == JobKind::detect_language ? finish() : begin_text();
  } else if (stage_ == Stage::decode) {
    pass_->accept(logits, stride);
    report(seek_, kEncoderShare + (1 - kEncoderShare) * std::min(1.0f, float(pass_->progress_frames()) / float(seek_end_ - seek_)));
    if (pass_->done()) end_pass();
  } else if (stage_ == Stage::align) {
    forced_->accept(logits, stride, attention, int(context_.alignment.heads.size()), context_.model.hparams.n_audio_ctx);
    if (forced_->done()) pass_ ? finish_pass() : finish_given();
  }
}

void WindowTask::end_pass() {
  const Hypothesis& best = pass_->best();
  past_ = pass_->used_prompt();
  segments_.clear();
  if (!pass_->is_silence()) {
    for (int i = 0; i < best.result_length; ++i) past_.push_back(best.tokens[i].id);
    segments_ = cut_segments(best, limits_, context_.model.vocabulary);
  }
  if (options_.word_times && !segments_.empty()) {
    forced_ = std::make_unique<ForcedPass>(context_.model, cells_, task_tokens(), segments_);
    stage_ = Stage::align;
  } else {
    finish_pass();
  }
}

// The text is known: it is only looked for in the audio.
void WindowTask::begin_given() {
  segments_ = {given_segment(context_.model, options_.given)};
  forced_ = std::make_unique<ForcedPass>(context_.model, cells_, task_tokens(), segments_);
  stage_ = Stage::align;
}

void WindowTask::finish_given() {
  set_times();
  close_given(segments_[0]);
  result_.avg_logprob = segments_[0].avg_logprob;
  result_.segments = std::move(segments_);
  finish();
}

void WindowTask::set_times() {
  forced_->set_times({seek_ * kMelFrameMs, audio_ms_, context_.alignment.lag_ms}, edges_);
  forced_.reset();
}

void WindowTask::finish_pass() {
  if (forced_) set_times();
  result_.temperature = std::max(result_.temperature, pass_->temperature());
  result_.no_speech_prob = seek_ == 0 ? pass_->no_speech_prob() : std::min(result_.no_speech_prob, pass_->no_speech_prob());
  for (Segment& segment : segments_) {
    for (const Token& token : segment.tokens) logprob_sum_ += token.plog;
    logprob_count_ += segment.tokens.size();
    result_.segments.push_back(std::move(segment));
  }
  seek_ += frames_consumed(pass_->best(), limits_, context_.model.vocabulary);
  pass_.reset();
  if (seek_ + kMinFrames >= seek_end_) {
    finish();
  } else {
    stage_ = Stage::encode;
  }
}

void WindowTask::finish() {
  if (logprob_count_ > 0) result_.avg_logprob = float(logprob_sum_ / logprob_count_);
  progress_ = 1;
  stage_ = Stage::finished;
}

// `share` of the pass that begins at `frame` is done; the rest of the window counts as one pass.
void WindowTask::report(int frame, float share) {
  const float progress = (float(frame) + share * float(seek_end_ - frame)) / float(seek_end_);
  if (progress >= progress_ + kProgressStep && progress < 1) progress_ = progress;
}

void WindowTask::tell() {
  for (; told_segments_ < result_.segments.size(); ++told_segments_)
    if (job_.on_segment) job_.on_segment(result_.segments[told_segments_]);
  if (progress_ > told_progress_ && job_.on_progress) job_.on_progress(progress_);
  told_progress_ = progress_;
}

}  // namespace sotto::whisper
