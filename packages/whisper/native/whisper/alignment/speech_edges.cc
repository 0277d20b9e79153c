#include "alignment/speech_edges.h"

#include <algorithm>
#include <cmath>

#include "window.h"

namespace sotto {

namespace {

constexpr int kStepMs = 10;
constexpr size_t kStep = kSampleRate / 1000 * kStepMs;
constexpr float kQuietestDb = -80.0f;
constexpr float kRangeDb = 35.0f;       // speech spans about this much below its peaks
constexpr float kAboveFloorDb = 6.0f;   // and stands out of the noise by this
constexpr float kLeastContrastDb = 12.0f;  // with less between the loud and the quiet nothing can be told
constexpr size_t kShortestPause = 6;    // steps; a stop consonant is silent for less

std::vector<float> loudness(const std::vector<float>& pcm) {
  std::vector<float> out(pcm.size() / kStep);
  for (size_t i = 0; i < out.size(); ++i) {
    double sum = 0;
    for (size_t k = 0; k < kStep; ++k) sum += double(pcm[i * kStep + k]) * pcm[i * kStep + k];
    out[i] = std::max(kQuietestDb, float(10.0 * std::log10(sum / kStep + 1e-12)));
  }
  return out;
}

float percentile(std::vector<float> values, double share) {
  const size_t at = size_t(share * double(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + long(at), values.end());
  return values[at];
}

void bridge_short_pauses(std::vector<bool>& sound) {
  for (size_t i = 0; i < sound.size();) {
    if (sound[i]) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < sound.size() && !sound[end]) ++end;
    if (end - i < kShortestPause) std::fill(sound.begin() + long(i), sound.begin() + long(end), true);
    i = end;
  }
}

}  // namespace

SpeechEdges::SpeechEdges(const std::vector<float>& pcm) {
  const std::vector<float> db = loudness(pcm);
  if (db.empty()) return;
  const float low = percentile(db, 0.05), high = percentile(db, 0.95);
  sound_.assign(db.size(), true);
  if (high - low < kLeastContrastDb) return;
  const float threshold = std::max(low + kAboveFloorDb, high - kRangeDb);
  for (size_t i = 0; i < db.size(); ++i) sound_[i] = db[i] >= threshold;
  bridge_short_pauses(sound_);
}

int SpeechEdges::next_sound(int ms, int limit_ms) const {
  for (size_t i = size_t(std::max(0, ms)) / kStepMs; i < sound_.size() && int(i) * kStepMs <= limit_ms; ++i) {
    if (sound_[i]) return std::max(ms, int(i) * kStepMs);
  }
  return ms;
}

int SpeechEdges::last_sound(int ms, int floor_ms) const {
  const int last = std::min(ms / kStepMs, int(sound_.size())) - 1;
  for (int i = last; i >= 0 && (i + 1) * kStepMs > floor_ms; --i) {
    if (sound_[size_t(i)]) return i == last ? ms : (i + 1) * kStepMs;
  }
  return ms;
}

}  // namespace sotto
