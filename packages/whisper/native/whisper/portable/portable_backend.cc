#include "portable/portable_backend.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ggml-cpu.h"

namespace sotto::whisper {
namespace {

class PortableBackend final : public Backend {
 public:
  PortableBackend(const Model& model, ggml_backend_t device, const BackendOptions& options)
      : model_(model),
        device_(device),
        options_(options),
        mel_transform_(model.filters),
        encoder_(model, ggml_backend_is_cpu(device)),
        decoder_(model, slots_, options_.alignment_heads) {}

  bool init() {
    const bool cpu = ggml_backend_is_cpu(device_);
    ggml_backend_buffer_type_t type = ggml_backend_get_default_buffer_type(device_);
    encoder_memory_.reset(ggml_gallocr_new(type));
    decoder_memory_.reset(ggml_gallocr_new(type));
    return make_slots(slots_, model_.hparams, options_.slots, options_.cells_per_slot, cpu ? GGML_TYPE_F32 : GGML_TYPE_F16, type);
  }

  const char* name() const override { return "portable"; }
  size_t weight_bytes() const override { return ggml_backend_buffer_get_size(model_.buffer.get()); }

  Mel mel(const float* samples, size_t count) override { return mel_transform_.compute(samples, count, options_.threads); }

  bool encode(const Mel& mel, const Stretch& stretch, int slot, const std::atomic<bool>& cancelled) override {
    slots_.encoded[slot] = stretch.frames;
    ggml_cgraph* graph = encoder_.build(slots_, slot, stretch.frames);
    if (!ggml_gallocr_alloc_graph(encoder_memory_.get(), graph)) return false;
    set_mel(mel, stretch);
    if (encoder_.mask()) set_frame_mask(encoder_.mask(), {stretch.frames});
    const auto aborts = [](void* flag) { return static_cast<const std::atomic<bool>*>(flag)->load(); };
    const bool cpu = ggml_backend_is_cpu(device_);
    if (cpu) ggml_backend_cpu_set_abort_callback(device_, aborts, const_cast<std::atomic<bool>*>(&cancelled));
    const ggml_status status = ggml_backend_graph_compute(device_, graph);
    if (cpu) ggml_backend_cpu_set_abort_callback(device_, nullptr, nullptr);
    return status == GGML_STATUS_SUCCESS;
  }

  bool decode(const std::vector<Row>& rows, RowResults& results) override {
    const std::vector<RowGroup> groups = group_rows(rows, slots_);
    const int logit_rows = int(std::count_if(rows.begin(), rows.end(), [](const Row& r) { return r.wants_logits; }));
    const int count = int(rows.size());
    if (!decoder_.matches(groups, count, logit_rows)) {
      graph_ = decoder_.build(groups, count, logit_rows);
      if (!ggml_gallocr_alloc_graph(decoder_memory_.get(), graph_)) return false;
    }
    set_rows(rows);
    for (size_t i = 0; i < groups.size(); ++i) {
      const auto encoded = slots_.encoded.begin() + groups[i].first_slot;
      set_mask(rows, groups[i], decoder_.masks[i]);
      set_frame_mask(decoder_.frame_masks[i], {encoded, encoded + groups[i].slots});
    }
    if (ggml_backend_graph_compute(device_, graph_) != GGML_STATUS_SUCCESS) return false;
    read_logits(results);
    read_attention(rows, groups, results);
    return true;
  }

 private:
  void set_mel(const Mel& mel, const Stretch& stretch) {
    const int first_frame = stretch.first_frame, frames = 2 * stretch.frames;
    std::vector<float> turned(size_t(frames) * mel.n_mel, mel.silence);
    const int stored = std::clamp(mel.stored_frames() - first_frame, 0, frames);
    for (int f = 0; f < stored; ++f)
      for (int m = 0; m < mel.n_mel; ++m) turned[size_t(m) * frames + f] = mel.data[size_t(first_frame + f) * mel.n_mel + m];
    ggml_backend_tensor_set(encoder_.mel(), turned.data(), 0, turned.size() * sizeof(float));
  }

  /** @param mask [frames, rows, 1, slots] @param shown for each slot: how many columns of its rows are not hidden */
  static void set_frame_mask(ggml_tensor* mask, const std::vector<int>& shown) {
    std::vector<ggml_fp16_t> values(ggml_nelements(mask), 0);
    const ggml_fp16_t hidden = ggml_fp32_to_fp16(-INFINITY);
    auto row = values.begin();
    for (const int columns : shown)
      for (int64_t r = 0; r < mask->ne[1]; ++r, row += mask->ne[0]) std::fill(row + columns, row + mask->ne[0], hidden);
    ggml_backend_tensor_set(mask, values.data(), 0, values.size() * sizeof(ggml_fp16_t));
  }

  void set_rows(const std::vector<Row>& rows) {
    std::vector<int32_t> tokens, positions, wanted;
    std::vector<int64_t> cells;
    for (const Row& row : rows) {
      tokens.push_back(row.token);
      positions.push_back(row.position);
      cells.push_back(int64_t(row.slot) * slots_.cells + row.cell);
      if (row.wants_logits) wanted.push_back(int32_t(tokens.size()) - 1);
    }
    const auto set = [](ggml_tensor* t, const void* data) { ggml_backend_tensor_set(t, data, 0, ggml_nbytes(t)); };
    set(decoder_.tokens, tokens.data());
    set(decoder_.positions, positions.data());
    set(decoder_.cells, cells.data());
    if (decoder_.logit_index && decoder_.logit_index->buffer) set(decoder_.logit_index, wanted.data());
  }

  void set_mask(const std::vector<Row>& rows, const RowGroup& group, ggml_tensor* mask) {
    const size_t count = size_t(group.rows) * group.slots;
    std::vector<ggml_fp16_t> values(count * group.keys, ggml_fp32_to_fp16(-INFINITY));
    for (size_t r = 0; r < count; ++r) {
      const Row& row = rows[group.first_row + r];
      for (int i = 0; i < row.history; ++i) values[r * group.keys + (*row.cells)[i]] = 0;
    }
    ggml_backend_tensor_set(mask, values.data(), 0, values.size() * sizeof(ggml_fp16_t));
  }

  void read_logits(RowResults& results) {
    results.stride = model_.hparams.n_vocab;
    results.logits = nullptr;
    if (!decoder_.logits) return;
    logits_.resize(ggml_nelements(decoder_.logits));
    ggml_backend_tensor_get(decoder_.logits, logits_.data(), 0, logits_.size() * sizeof(float));
    results.logits = logits_.data();
  }

  void read_attention(const std::vector<Row>& rows, const std::vector<RowGroup>& groups, RowResults& results) {
    results.attention.clear();  // what is not encoded is 0
    std::vector<int> place(rows.size(), -1);
    int wanted = 0;
    for (size_t i = 0; i < rows.size(); ++i)
      if (rows[i].wants_attention) place[i] = wanted++;
    const size_t heads = options_.alignment_heads.size(), frames = model_.hparams.n_audio_ctx;
    results.attention.resize(wanted * heads * frames);
    std::vector<float> values;
    for (size_t h = 0; h < heads; ++h)
      for (const DecoderGraph::Captured& captured : decoder_.attention[h]) {
        values.resize(ggml_nelements(captured.weights));
        ggml_backend_tensor_get(captured.weights, values.data(), 0, values.size() * sizeof(float));
        const RowGroup& group = groups[captured.group];
        for (int r = 0; r < group.rows * group.slots; ++r)
          if (const int to = place[group.first_row + r]; to >= 0)
            std::copy_n(&values[size_t(r) * group.frames], std::min(frames, size_t(group.frames)),
                        &results.attention[(to * heads + h) * frames]);
      }
  }

  const Model& model_;
  ggml_backend_t device_;
  const BackendOptions options_;
  MelTransform mel_transform_;
  Slots slots_;
  EncoderGraph encoder_;
  DecoderGraph decoder_;
  ggml_gallocr_ptr encoder_memory_, decoder_memory_;
  ggml_cgraph* graph_ = nullptr;
  std::vector<float> logits_;
};

}  // namespace

std::unique_ptr<Backend> make_portable_backend(const Model& model, ggml_backend_t device, const BackendOptions& options) {
  if (ggml_backend_is_cpu(device)) ggml_backend_cpu_set_n_threads(device, options.threads);
  auto made = std::make_unique<PortableBackend>(model, device, options);
  if (!made->init()) return nullptr;
  return made;
}

}  // namespace sotto::whisper
