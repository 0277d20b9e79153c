// The weights of both networks as float32, in the order and shape of their files.
#pragma once

#include <array>
#include <vector>

namespace sotto::speakers {

struct Layer {
  std::vector<float> weight, bias;
};

struct Lstm {
  std::vector<float> input;   // [2][512][depth], gates in the order input, output, forget, cell
  std::vector<float> hidden;  // [2][512][128]
  std::vector<float> bias;    // [2][1024]: of the input, then of the hidden state
};

// pyannote's segmentation network (PyanNet): SincNet, four bidirectional LSTM layers, three linear ones.
struct SegmentationWeights {
  float wave_scale, wave_shift;
  std::vector<float> sinc;               // [80][251]
  std::array<Layer, 2> convolutions;     // [60][80][5], [60][60][5]
  std::array<Layer, 3> norms;            // of 80, 60 and 60 channels
  std::array<Lstm, 4> lstm;
  std::array<Layer, 3> linear;           // [256][128], [128][128], [128][7]: inputs first
};

// WeSpeaker's ResNet34 up to its pooling, batch norms folded into the convolutions: [out][in][bin][time] and a bias.
struct TrunkWeights {
  Layer first;  // [32][1][3][3]
  struct Block {
    Layer first, second;
    Layer shortcut;  // empty where the block keeps its size
  };
  std::vector<Block> blocks;  // 3, 4, 6 and 3 of 32, 64, 128 and 256 channels
};

}  // namespace sotto::speakers
