// The kernels of each instruction set against plain loops in double, over random shapes.
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "audio/mel_transform.h"
#include "check.h"
#include "fast/attend_room.h"
#include "fast/fast_backend.h"
#include "fast/fast_mel.h"
#include "fast/fixed_rows.h"
#include "fast/packed_heads.h"
#include "fast/packed_matrix.h"

using namespace sotto::whisper;

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

// In `blocks` of `depth`, with a number far above the others now and then.
static std::vector<float> spread(size_t count, float scale) {
  std::vector<float> values = noise(count, scale);
  for (size_t i = between(0, 200); i < count; i += between(1, 400)) values[i] *= between(1, 60);
  return values;
}

static void check_product(const std::vector<const kernels::InstructionSet*>& sets) {
  const int rows = 16 * between(1, 20), depth = 16 * between(1, 30), blocks = between(1, 4), k = depth * blocks, columns = between(1, 40);
  const std::vector<float> w = spread(size_t(rows) * k, 0.1f), x = spread(size_t(columns) * k, 1), add = noise(size_t(columns) * rows);
  PackedMatrix matrix(rows, k, depth);
  matrix.put(0, w.data(), rows);
  FixedRows fixed(columns, blocks, depth);
  fixed.put(0, x.data(), k, columns);
  const bool residual = between(0, 1), with_gelu = !residual && between(0, 1);
  std::vector<std::vector<float>> results;
  for (const auto* set : sets) {
    std::vector<float>& y = results.emplace_back(add);
    kernels::Product product = fixed.product(0, 1, columns, y.data(), rows);
    product.residual = residual ? y.data() : nullptr;
    product.gelu = with_gelu;
    set->multiply(matrix.panels(), 0, matrix.panel_count(), product);
    SOTTO_CHECK(y == results[0]);
  }
  float worst = 0;
  for (int c = 0; c < columns; ++c)
    for (int r = 0; r < rows; ++r) {
      const float* a = &w[size_t(r) * k];
      const float* b = &x[size_t(c) * k];
      double sum = residual ? add[size_t(c) * rows + r] : 0;
      for (int l = 0; l < k; ++l) sum += double(a[l]) * b[l];
      const double sizes = std::sqrt(std::inner_product(a, a + k, a, 0.0) * std::inner_product(b, b + k, b, 0.0));
      worst = std::max(worst, float(std::fabs(results[0][size_t(c) * rows + r] - (with_gelu ? gelu(sum) : sum)) / (sizes + 1)));
    }
  SOTTO_CHECK(worst < 2e-3f);
}

// The largest sums there are: equal rows, all numbers at the limit.
static void check_no_overflow(const std::vector<const kernels::InstructionSet*>& sets) {
  for (const int depth : {16, 64, 384, 1280, 4096}) {
    const std::vector<float> ones(depth, 3.0f);
    PackedMatrix matrix(1, depth, depth);
    matrix.put(0, ones.data(), 1);
    FixedRows fixed(1, 1, depth);
    fixed.put(0, ones.data(), depth, 1);
    for (const auto* set : sets) {
      std::vector<float> y(16);
      set->multiply(matrix.panels(), 0, 1, fixed.product(0, 1, 1, y.data(), 16));
      SOTTO_CHECK(std::fabs(y[0] / (9.0f * depth) - 1) < 1e-3f);
    }
  }
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

static void check_attention(const std::vector<const kernels::InstructionSet*>& sets) {
  const int frames = between(1, 200), heads = between(1, 3), rows = between(1, kernels::kQueries), stride = heads * kernels::kHead;
  const float sharpness = between(0, 4);
  const std::vector<float> q = noise(size_t(rows) * stride, sharpness), k = noise(size_t(frames) * stride),
                           v = noise(size_t(frames) * stride);
  std::vector<int32_t> all(frames);
  std::iota(all.begin(), all.end(), 0);
  const int head = between(0, heads - 1), at = head * kernels::kHead;
  const PackedHeads packed(heads, frames);
  kernels::fix_frames(packed.head(head, frames), 0, frames, k.data() + at, v.data() + at, stride);
  FixedRows queries(rows, heads, kernels::kHead);
  queries.put(0, q.data(), stride, rows);
  std::vector<std::vector<float>> results;
  for (const auto* set : sets) {
    std::vector<float>& out = results.emplace_back(q.size());
    AttendRoom room(packed.padded_frames());
    set->attend(packed.head(head, frames), {queries.values(0) + at, queries.scales(0) + head, stride, heads, rows}, out.data() + at, stride,
                room.scratch());
    SOTTO_CHECK(out == results[0]);
    for (int r = 0; r < rows; ++r) {
      const float* row = room.scratch().weights + r * packed.padded_frames();
      SOTTO_CHECK(std::fabs(std::accumulate(row, row + frames, 0.0f) / room.scratch().sums[r] - 1) < 1e-4f);
    }
  }
  const int count = between(1, frames);
  const std::vector<int32_t> some(all.begin(), all.begin() + count);
  std::vector<float> self(kernels::kHead), scratch(frames + 7);
  kernels::self_attend(q.data() + at, k.data() + at, v.data() + at, stride, some.data(), count, self.data(), scratch.data());
  SOTTO_CHECK(largest_error(self, attention(q.data() + at, k.data() + at, v.data() + at, stride, some)) < 1e-4f);
  for (int r = 0; r < rows; ++r) {
    const float* from = &results[0][size_t(r) * stride + at];
    const std::vector<double> expected = attention(q.data() + size_t(r) * stride + at, k.data() + at, v.data() + at, stride, all);
    SOTTO_CHECK(largest_error(std::vector<float>(from, from + kernels::kHead), expected) < 4e-3f);
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
  if (!fast_backend_refusal(tiny).empty()) return std::puts("kernels_test: skipped, no AVX2"), 0;
  std::vector<const kernels::InstructionSet*> sets = {&kernels::kAvx2};
  if (&kernels::instruction_set() != sets[0]) sets.push_back(&kernels::instruction_set());
  for (int i = 0; i < 60; ++i) check_product(sets), check_layer_norm(), check_attention(sets);
  check_no_overflow(sets);
  for (int i = 0; i < 4; ++i) check_mel();
  check_team();
  return report("kernels_test");
}
