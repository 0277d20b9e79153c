// One recording on its way through the network.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "network.h"

namespace sotto::silero {

// Samples come in pieces of any size; what a probability is does not depend on them, only when it comes does.
class Listener {
 public:
  explicit Listener(std::shared_ptr<Network> network) : network_(std::move(network)) {}

  // The probabilities that can be told by now, in order; each is of the next kStep samples. `at_once`: of every step that is
  // there; otherwise in whole blocks, which takes a third of the time.
  std::vector<float> accept(const int16_t* samples, size_t count, bool at_once = false);

  // Those of the last whole steps. The recording has ended; whatever follows is another.
  std::vector<float> finish();

 private:
  void run(int windows, std::vector<float>& probabilities);

  std::shared_ptr<Network> network_;
  Memory memory_;
  // From the start of the next window.
  std::array<int16_t, kBlock * kStep + kAhead> waiting_;
  size_t count_ = 0;
};

}  // namespace sotto::silero
