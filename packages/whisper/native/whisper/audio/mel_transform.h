// Samples to log-mel: 25 ms Hann frames every 10 ms, mel filters, log10, clamped to 8 below the maximum.
// Method: OpenAI whisper/audio.py log_mel_spectrogram.
#pragma once
#include <complex>
#include <vector>

#include "audio/mel.h"
#include "model/mel_filters.h"

namespace sotto::whisper {

class MelTransform {
 public:
  explicit MelTransform(const MelFilters& filters);

  /** @param samples 16 kHz mono, more than 200 of them. */
  Mel compute(const float* samples, size_t count, int threads) const;

 private:
  using Complex = std::complex<float>;
  struct Band {
    int first_bin;
    std::vector<float> weights;
  };
  void transform(const Complex* in, int n, int stride, Complex* out) const;
  void frame_pair(const float* first, const float* second, float* out_first, float* out_second) const;
  void band_logs(const float* power, float* out) const;

  std::vector<float> hann_;
  std::vector<Complex> roots_;  // e^(-2 pi i k / 400)
  std::vector<Band> bands_;
};

/** 200 samples mirrored in front, zeros behind, enough for so many frames. */
std::vector<float> pad_samples(const float* samples, size_t count, int frames);

/** Clamps to 8 below the maximum (silence included) and scales to Whisper's range, in place; sets `silence`. */
void normalise_mel(Mel& mel, float maximum);

}  // namespace sotto::whisper
