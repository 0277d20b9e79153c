// Where an engine's time goes.
#pragma once
#include <chrono>
#include <mutex>

namespace sotto::whisper {

/** Milliseconds of work since the engine was made. A step of the decoder is divided by rows between decoding and alignment. */
struct StageTimes {
  double mel_ms = 0, encode_ms = 0, decode_ms = 0, align_ms = 0;
};

/** Written by the engine's thread, read by any. */
class StageClock {
 public:
  void add(double StageTimes::* stage, double ms) {
    const std::lock_guard<std::mutex> lock(mutex_);
    times_.*stage += ms;
  }
  StageTimes times() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return times_;
  }

 private:
  mutable std::mutex mutex_;
  StageTimes times_;
};

class Stopwatch {
 public:
  double ms() const { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - since_).count(); }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace sotto::whisper
