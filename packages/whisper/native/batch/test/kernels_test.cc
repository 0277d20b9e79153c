// The AVX2 kernels against plain loops in double, over random shapes.
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "audio/mel_transform.h"
#include "check.h"
#include "fast/fast_compute.h"
#include "fast/fast_mel.h"
#include "fast/packed_matrix.h"

using namespace sotto::batch;

static std::mt19937 random_source(1);

static std::vector<float> noise(size_t count, float scale = 1) {
  std::normal_distribution<float> normal(0, scale);
  std::vector<float> values(count);
  for (float& value : values) value = normal(random_source);
  return values;
}

static int between(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_source); }

static float largest_error(const std::vector<float>& got, const std::vector<double>& expected) {
  float largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) largest = std::max(largest, float(std::fabs(got[i] - expected[i])));
  return largest;
}

static double gelu(double x) { return 0.5 * x * (1 + std::tanh(0.79788456 * (x + 0.044715 * x * x * x))); }

static void check_product() {
  const int rows = 16 * between(1, 20), k = 8 * between(1, 130), columns = between(1, 40);
  const std::vector<float> w = noise(size_t(rows) * k, 0.1f), x = noise(size_t(columns) * k), add = noise(size_t(columns) * rows);
  PackedMatrix matrix(rows, k);
  matrix.put(0, w.data(), rows);
  const bool residual = between(0, 1), with_gelu = !residual && between(0, 1);
  std::vector<float> y = add;
  kernels::multiply(matrix.panels(), 0, matrix.panel_count(),
                    {x.data(), k, columns, y.data(), rows, residual ? y.data() : nullptr, with_gelu});
  std::vector<double> expected(y.size());
  for (int c = 0; c < columns; ++c)
    for (int r = 0; r < rows; ++r) {
      double sum = residual ? add[size_t(c) * rows + r] : 0;
      for (int l = 0; l < k; ++l) sum += double(w[size_t(r) * k + l]) * x[size_t(c) * k + l];
      expected[size_t(c) * rows + r] = with_gelu ? gelu(sum) : sum;
    }
  SOTTO_CHECK(largest_error(y, expected) < 0.02f);  // the weights are rounded to half precision
}

static void check_layer_norm() {
  const int size = 8 * between(1, 64), rows = between(1, 9);
  const std::vector<float> x = noise(size_t(size) * rows, 3), weight = noise(size), bias = noise(size);
  std::vector<float> y(x.size());
  kernels::layer_norm(x.data(), size, rows, weight.data(), bias.data(), 1e-5f, y.data());
  std::vector<double> expected;
  for (int r = 0; r < rows; ++r) {
    double mean = 0, variance = 0;
    for (int i = 0; i < size; ++i) mean += x[size_t(r) * size + i] / double(size);
    for (int i = 0; i < size; ++i) variance += std::pow(x[size_t(r) * size + i] - mean, 2) / size;
    for (int i = 0; i < size; ++i) expected.push_back((x[size_t(r) * size + i] - mean) / std::sqrt(variance + 1e-5) * weight[i] + bias[i]);
  }
  SOTTO_CHECK(largest_error(y, expected) < 1e-4f);
}

// softmax(q k / 8) v over the given rows of k and v.
static std::vector<double> attention(const float* q, const float* keys, const float* values, int stride, const std::vector<int32_t>& rows) {
  std::vector<double> weights, out(kernels::kHead, 0.0);
  for (const int32_t row : rows) {
    double dot = 0;
    for (int i = 0; i < kernels::kHead; ++i) dot += double(q[i]) * keys[size_t(row) * stride + i];
    weights.push_back(std::exp(dot / 8));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (size_t j = 0; j < rows.size(); ++j)
    for (int i = 0; i < kernels::kHead; ++i) out[i] += weights[j] / sum * values[size_t(rows[j]) * stride + i];
  return out;
}

static void check_attention() {
  const int frames = between(1, 200), heads = between(1, 3), rows = between(1, 6), stride = heads * kernels::kHead;
  const std::vector<float> q = noise(size_t(rows) * stride), k = noise(size_t(frames) * stride), v = noise(size_t(frames) * stride);
  std::vector<int32_t> all(frames);
  std::iota(all.begin(), all.end(), 0);
  const size_t padded = size_t(frames + 15) / 16 * 16;
  std::vector<float> keys(padded * stride), values(v.size()), out(q.size()), scratch(kernels::attend_scratch(frames));
  const kernels::PackedFrames packed{keys.data(), values.data(), frames};
  kernels::pack_frames(packed, heads, 0, frames, k.data(), v.data(), stride);
  kernels::attend(packed, heads, q.data(), stride, rows, out.data(), stride, scratch.data());
  const int head = between(0, heads - 1), at = head * kernels::kHead;
  std::vector<uint16_t> half_keys(padded * kernels::kHead), half_values(size_t(frames) * kernels::kHead);
  const kernels::PackedHalf half{half_keys.data(), half_values.data(), frames};
  kernels::pack_half(half, 0, frames, k.data() + at, v.data() + at, stride);
  std::vector<float> cross(q.size()), weights(6 * padded), self(kernels::kHead);
  kernels::cross_attend(half, q.data() + at, stride, rows, cross.data() + at, stride, weights.data());
  const int count = between(1, frames);
  const std::vector<int32_t> some(all.begin(), all.begin() + count);
  kernels::self_attend(q.data() + at, k.data() + at, v.data() + at, stride, some.data(), count, self.data(), scratch.data());
  SOTTO_CHECK(largest_error(self, attention(q.data() + at, k.data() + at, v.data() + at, stride, some)) < 1e-4f);
  for (int r = 0; r < rows; ++r) {
    const float* from = q.data() + size_t(r) * stride + at;
    const std::vector<double> expected = attention(from, k.data() + at, v.data() + at, stride, all);
    const auto part = [&](const std::vector<float>& x) { return std::vector<float>(&x[size_t(r) * stride + at], &x[size_t(r) * stride + at] + kernels::kHead); };
    SOTTO_CHECK(largest_error(part(out), expected) < 1e-4f);
    SOTTO_CHECK(largest_error(part(cross), expected) < 1e-2f);
  }
}

static void check_mel() {
  MelFilters filters{80, 201, std::vector<float>(80 * 201, 0)};
  for (int m = 0; m < 80; ++m)
    for (int k = 2 * m; k < 2 * m + 5; ++k) filters.data[size_t(m) * 201 + k] = 0.01f * (k - 2 * m + 1);
  Team team(2);
  const std::vector<float> samples = noise(between(1600, 40000), 0.1f);
  const Mel plain = MelTransform(filters).compute(samples.data(), samples.size(), 2);
  const Mel fast = FastMel(filters).compute(samples.data(), samples.size(), team);
  SOTTO_CHECK(plain.data.size() == fast.data.size() && plain.audio_frames == fast.audio_frames);
  SOTTO_CHECK(std::fabs(plain.silence - fast.silence) < 1e-4f);
  SOTTO_CHECK(largest_error(fast.data, {plain.data.begin(), plain.data.end()}) < 1e-3f);
}

static void check_team() {
  for (const int size : {1, 2, 5}) {
    Team team(size);
    for (int round = 0; round < 200; ++round) {
      std::vector<int> seen(size, 0);
      team.run([&](int member) {
        for (int step = 1; step <= 5; ++step) {
          seen[member] = step;
          team.barrier();
          for (const int other : seen) SOTTO_CHECK(other == step);
          team.barrier();
        }
      });
    }
  }
}

int main() {
  Hparams tiny;
  tiny.n_audio_state = tiny.n_text_state = 384, tiny.n_audio_head = tiny.n_text_head = 6, tiny.n_mels = 80;
  if (!fast_layer_refusal(tiny).empty()) return std::puts("kernels_test: skipped, no AVX2"), 0;
  for (int i = 0; i < 60; ++i) check_product(), check_layer_norm(), check_attention();
  for (int i = 0; i < 4; ++i) check_mel();
  check_team();
  return report("kernels_test");
}
