// Keys and values of many heads over the same number of frames, as the kernels read them.
#pragma once
#include <cstdint>

#include "fast/kernels/kernels.h"
#include "fast/zeroed.h"

namespace sotto::whisper {

class PackedHeads {
 public:
  PackedHeads(size_t heads, int frames)
      : padded_(size_t(frames + kernels::kPanel - 1) / kernels::kPanel * kernels::kPanel),
        keys_(zeroed<int16_t>(heads * padded_ * kernels::kHead)),
        values_(zeroed<int16_t>(heads * padded_ * kernels::kHead)),
        key_scales_(zeroed<float>(heads * padded_)),
        value_scales_(zeroed<float>(heads * padded_)) {}

  /** @param frames how many of them are there; what is behind them is not read */
  kernels::Frames head(size_t index, int frames) const {
    const size_t at = index * padded_;
    return {&keys_[at * kernels::kHead], &values_[at * kernels::kHead], &key_scales_[at], &value_scales_[at], frames};
  }
  /** Numbers in the attention scratch of one row. */
  size_t padded_frames() const { return padded_; }

 private:
  size_t padded_;
  Zeroed<int16_t> keys_, values_;
  Zeroed<float> key_scales_, value_scales_;
};

}  // namespace sotto::whisper
