#include "audio/mel_transform.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace sotto::whisper {
namespace {

constexpr float kSmallestPower = 1e-10f;

int smallest_factor(int n) { return n % 4 == 0 ? 4 : n % 2 == 0 ? 2 : n % 5 == 0 ? 5 : n; }

}  // namespace

int audio_frame_count(size_t samples) { return 1 + (int(samples) + kFftSize / 2 - kFftSize) / kFrameStep; }

std::vector<float> pad_samples(const float* samples, size_t count, int frames) {
  const size_t half = kFftSize / 2;
  std::vector<float> out(std::max(count + half, size_t(frames) * kFrameStep + kFftSize) + half, 0.0f);
  for (size_t i = 0; i < half; ++i) out[i] = samples[half - i];
  std::copy(samples, samples + count, out.begin() + half);
  return out;
}

MelTransform::MelTransform(const MelFilters& filters) : hann_(kFftSize), roots_(kFftSize) {
  for (int i = 0; i < kFftSize; ++i) {
    const double angle = 2.0 * M_PI * i / kFftSize;
    hann_[i] = float(0.5 * (1.0 - std::cos(angle)));
    roots_[i] = Complex(float(std::cos(angle)), float(-std::sin(angle)));
  }
  for (int m = 0; m < filters.n_mel; ++m) {
    const float* row = filters.data.data() + size_t(m) * filters.n_fft;
    int first = 0, last = kFftBins;
    while (first < last && row[first] == 0) ++first;
    while (last > first && row[last - 1] == 0) --last;
    bands_.push_back({first, {row + first, row + last}});
  }
}

// Mixed-radix decimation in time (400 = 4 * 4 * 5 * 5).
void MelTransform::transform(const Complex* in, int n, int stride, Complex* out) const {
  if (n == 1) {
    out[0] = in[0];
    return;
  }
  const int radix = smallest_factor(n), part = n / radix, step = kFftSize / n;
  for (int r = 0; r < radix; ++r) transform(in + r * stride, part, stride * radix, out + r * part);
  Complex terms[5];
  for (int k = 0; k < part; ++k) {
    for (int r = 0; r < radix; ++r) terms[r] = out[r * part + k] * roots_[r * k * step];
    for (int q = 0; q < radix; ++q) {
      Complex sum = terms[0];
      for (int r = 1; r < radix; ++r) sum += terms[r] * roots_[(r * q * part % n) * step];
      out[q * part + k] = sum;
    }
  }
}

// Two real frames as one complex transform: F(a + ib) holds both spectra.
void MelTransform::frame_pair(const float* first, const float* second, float* out_first, float* out_second) const {
  Complex in[kFftSize], spectrum[kFftSize];
  for (int i = 0; i < kFftSize; ++i) in[i] = Complex(first[i] * hann_[i], second[i] * hann_[i]);
  transform(in, kFftSize, 1, spectrum);
  for (int k = 0; k < kFftBins; ++k) {
    const Complex a = spectrum[k], b = std::conj(spectrum[(kFftSize - k) % kFftSize]);
    out_first[k] = std::norm((a + b) * 0.5f);
    out_second[k] = std::norm((a - b) * 0.5f);
  }
}

void MelTransform::band_logs(const float* power, float* out) const {
  for (size_t m = 0; m < bands_.size(); ++m) {
    const Band& band = bands_[m];
    double sum = 0;
    for (size_t i = 0; i < band.weights.size(); ++i) sum += double(power[band.first_bin + i]) * band.weights[i];
    out[m] = std::log10(std::max(float(sum), kSmallestPower));
  }
}

Mel MelTransform::compute(const float* samples, size_t count, int threads) const {
  Mel mel;
  mel.n_mel = int(bands_.size());
  mel.audio_frames = audio_frame_count(count);
  const int frames = (int(count) + kFftSize / 2) / kFrameStep + 1;
  const std::vector<float> padded = pad_samples(samples, count, frames + 1);
  mel.data.resize(size_t(frames) * mel.n_mel);
  const int pairs = (frames + 1) / 2;
  const auto work = [&](int worker) {
    float first[kFftBins], second[kFftBins];
    std::vector<float> spare(mel.n_mel);
    for (int pair = worker; pair < pairs; pair += threads) {
      const int f = 2 * pair;
      const float* at = padded.data() + size_t(f) * kFrameStep;
      frame_pair(at, at + kFrameStep, first, second);
      band_logs(first, mel.data.data() + size_t(f) * mel.n_mel);
      band_logs(second, f + 1 < frames ? mel.data.data() + size_t(f + 1) * mel.n_mel : spare.data());
    }
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < threads; ++i) helpers.emplace_back(work, i);
  work(0);
  for (std::thread& helper : helpers) helper.join();
  normalise_mel(mel, *std::max_element(mel.data.begin(), mel.data.end()));
  return mel;
}

void normalise_mel(Mel& mel, float maximum) {
  const float silence = std::log10(kSmallestPower), floor = std::max(maximum, silence) - 8.0f;
  for (float& value : mel.data) value = (std::max(value, floor) + 4.0f) / 4.0f;
  mel.silence = (std::max(silence, floor) + 4.0f) / 4.0f;
}

}  // namespace sotto::whisper
