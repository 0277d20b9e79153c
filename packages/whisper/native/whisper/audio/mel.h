// Log-mel spectrogram of one window.
#pragma once
#include <cstddef>
#include <vector>

namespace sotto::whisper {

constexpr int kWindowFrames = 3000;  // 30 s of 10 ms frames: what the encoder reads
constexpr int kFftSize = 400;
constexpr int kFrameStep = 160;
constexpr int kFftBins = 201;

struct Mel {
  int n_mel = 0;
  int audio_frames = 0;     // frames that the window's own samples fill
  std::vector<float> data;  // [frame][n_mel]; frames past the last one are all `silence`
  float silence = 0;

  int stored_frames() const { return n_mel > 0 ? int(data.size() / n_mel) : 0; }
};

/** Frames a window of this many samples has; upstream counts them before padding. */
int audio_frame_count(size_t samples);

}  // namespace sotto::whisper
