// One window handed to the engine, and where its outcome goes.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "window.h"

namespace sotto::whisper {

enum class JobKind { transcribe, detect_language };

/** Callbacks run on the engine's thread: they return quickly and do not call the engine back. */
struct Job {
  JobKind kind = JobKind::transcribe;
  std::vector<float> pcm;  // 16 kHz mono, at most 30 s
  WindowOptions options;
  bool urgent = false;     // somebody waits for it: those that are not urgent rest until it is done
  std::atomic<bool> cancelled{false};
  std::function<void(float)> on_progress;          // 0..1, never falling
  std::function<void(const Segment&)> on_segment;  // in order, token times set
  /** Exactly once per submitted job. `message` says what failed; `decode_ms` is this window's share of the engine's
   *  time: its encodings, and its rows' part of the steps it had with others. */
  std::function<void(Status, WindowResult&&, const std::string& message, double decode_ms)> done;
};

}  // namespace sotto::whisper
