#include "listener.h"

#include <algorithm>

namespace sotto::silero {

std::vector<float> Listener::accept(const int16_t* samples, size_t count, bool at_once) {
  std::vector<float> probabilities;
  while (count > 0) {
    const size_t taken = std::min(count, waiting_.size() - count_);
    std::copy_n(samples, taken, waiting_.data() + count_);
    samples += taken;
    count -= taken;
    count_ += taken;
    if (count_ == waiting_.size()) run(kBlock, probabilities);
  }
  if (at_once && count_ >= kStep + kAhead) run(int((count_ - kAhead) / kStep), probabilities);
  return probabilities;
}

// The last window hears silence ahead.
std::vector<float> Listener::finish() {
  std::vector<float> probabilities;
  const size_t windows = std::min<size_t>(count_ / kStep, kBlock);
  const size_t heard = windows * kStep + kAhead;
  if (count_ < heard) std::fill(waiting_.begin() + count_, waiting_.begin() + heard, int16_t(0));
  if (windows > 0) run(int(windows), probabilities);
  memory_ = Memory();
  count_ = 0;
  return probabilities;
}

void Listener::run(int windows, std::vector<float>& probabilities) {
  const size_t told = probabilities.size();
  probabilities.resize(told + windows);
  network_->run(waiting_.data(), windows, memory_, probabilities.data() + told);
  const size_t done = size_t(windows) * kStep;
  std::copy(waiting_.begin() + done, waiting_.begin() + std::max(count_, done), waiting_.begin());
  count_ = std::max(count_, done) - done;
}

}  // namespace sotto::silero
