// One window on its way through the engine.
//
// encode -> (detect) -> decode -> (align) -> encode again for what is left of the audio, or finished
// Of a given text: encode -> (detect) -> align -> finished
#pragma once
#include <memory>
#include <random>
#include <vector>

#include "alignment/alignment_heads.h"
#include "alignment/forced_pass.h"
#include "backend.h"
#include "decoding/pass.h"
#include "job.h"

namespace sotto::whisper {

/** What every task of an engine shares. */
struct TaskContext {
  const Model& model;
  const TokenRules& rules;
  AlignmentChoice alignment;
};

class WindowTask {
 public:
  enum class Stage { encode, detect, decode, align, finished };

  /** References must live until the task is finished. */
  WindowTask(const TaskContext& context, CellPool& cells, int slot, const Job& job, WindowResult& result);

  Stage stage() const { return stage_; }
  int slot() const { return slot_; }

  void set_mel(Mel mel);
  const Mel& mel() const { return mel_; }
  /** What is to be encoded next. */
  Stretch stretch() const;
  void encoded();

  void add_rows(std::vector<Row>& rows);
  /** Results of this task's rows only. Any thread, beside other tasks. */
  void accept(float* logits, size_t stride, const float* attention);
  /** Calls the job back with what is new: segments and progress. The engine's thread only. */
  void tell();

 private:
  void begin_text();
  void begin_pass();
  void begin_given();
  void end_pass();
  void finish_pass();
  void finish_given();
  void set_times();
  void finish();
  void report(int frame, float share);
  std::vector<TokenId> task_tokens() const;
  std::vector<TokenId> context_tokens() const;

  const TaskContext& context_;
  CellPool& cells_;
  const int slot_;
  const Job& job_;
  const WindowOptions& options_;
  WindowResult& result_;
  std::vector<std::mt19937> randoms_;  // one per draw, seeded as whisper.cpp's: a window's result depends on nothing else
  const bool timestamps_;
  const int audio_ms_;
  const SpeechEdges edges_;

  Stage stage_ = Stage::encode;
  Mel mel_;
  int seek_ = 0, seek_end_ = 0;
  float progress_ = 0, told_progress_ = 0;
  size_t told_segments_ = 0;
  const std::vector<TokenId> suppressed_;
  std::vector<TokenId> past_;  // initial prompt, then what earlier passes said
  PassLimits limits_;
  std::unique_ptr<Pass> pass_;
  std::vector<Segment> segments_;  // of the pass under way
  std::unique_ptr<ForcedPass> forced_;
  double logprob_sum_ = 0;
  size_t logprob_count_ = 0;
};

}  // namespace sotto::whisper
