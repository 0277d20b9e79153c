// How much of a window is done, from what can be seen: passes encoded and time tokens decoded.
#pragma once

#include <algorithm>
#include <functional>
#include <mutex>

namespace sotto {

class WindowProgress {
 public:
  WindowProgress(std::function<void(float)> report, int audio_ms) : report_(std::move(report)), audio_ms_(std::max(1, audio_ms)) {}

  // A pass takes about as long in the encoder as in the decoder.
  void encoded(int pass_start_ms) { to(pass_start_ms, 0.5f); }
  void decoded(int pass_start_ms, int time_ms) {
    to(pass_start_ms, 0.5f + 0.5f * std::min(1.0f, (float)time_ms / (float)length(pass_start_ms)));
  }

 private:
  static constexpr float kStep = 0.02f;  // smaller steps are not worth a message

  int length(int pass_start_ms) const { return std::clamp(audio_ms_ - pass_start_ms, 1, 30000); }
  void to(int pass_start_ms, float share) {
    if (!report_) return;
    const float fraction = std::min(0.99f, ((float)pass_start_ms + share * (float)length(pass_start_ms)) / (float)audio_ms_);
    std::lock_guard<std::mutex> lock(mutex_);
    if (fraction < reported_ + kStep) return;
    reported_ = fraction;
    report_(fraction);
  }

  std::function<void(float)> report_;
  const int audio_ms_;
  std::mutex mutex_;
  float reported_ = 0;
};

}  // namespace sotto
