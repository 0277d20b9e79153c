// What a voice sounds like, 12.5 times a second: WeSpeaker's ResNet34 up to its pooling.
#pragma once

#include <vector>

#include "kernels.h"
#include "matrix.h"
#include "weights.h"

namespace sotto::speakers {

constexpr int kMelBins = 80;
constexpr int kTrunkHop = 8;       // fbank frames to a frame of the trunk
constexpr int kTrunkWidth = 2560;  // numbers of a frame: 256 channels of 10 bands

// May be used by several threads at once.
class Trunk {
 public:
  explicit Trunk(const TrunkWeights& weights, bool any_processor = false);

  // features: [count][kMelBins]; frames: [ceil(count / kTrunkHop)][kTrunkWidth]. Beyond the features there are zeros; a frame
  // depends on 112 features either side.
  void run(const float* features, int count, float* frames) const;

 private:
  struct Plane;
  struct Room;
  // 3 x 3 at every place, as 36 products of transformed tiles.
  struct Convolution {
    int inputs = 0, outputs = 0;
    std::vector<Matrix> points;
    std::vector<float> bias;
  };
  // 3 x 3 or 1 x 1 at every other place, or of one channel: a product for each time of the kernel.
  struct Strided {
    std::vector<Matrix> taps;
  };
  struct Block {
    Convolution first, second;
    Strided narrowing, shortcut;  // instead of `first`, where the block halves its input
    bool halves = false;
  };
  Convolution transformed(const Layer& layer, int inputs) const;
  Strided strided(const Layer& layer, int inputs, int side) const;
  void convolve(const Convolution& convolution, const Plane& from, const Plane* added, Plane& to, Room& room) const;
  void step(const Strided& strided, int stride, bool rectified, const Plane& from, Plane& to) const;

  const Kernels& kernels_;
  Strided first_;
  std::vector<Block> blocks_;
};

}  // namespace sotto::speakers
