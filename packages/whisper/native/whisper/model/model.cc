#include "model/model.h"

#include <vector>

#include "model/model_file.h"

namespace sotto::whisper {
namespace {

constexpr uint32_t kMagic = 0x67676d6c;
constexpr int32_t kQuantVersionFactor = 1000;  // ggml stores ftype + 1000 * version for quantised files

struct TensorRecord {
  std::string name;
  ggml_tensor* tensor;
  int64_t offset;
};

bool between(int32_t value, int32_t low, int32_t high) { return value >= low && value <= high; }

bool read_hparams(ModelFile& file, Hparams& hp) {
  int32_t* const fields[] = {&hp.n_vocab,      &hp.n_audio_ctx, &hp.n_audio_state, &hp.n_audio_head, &hp.n_audio_layer, &hp.n_text_ctx,
                             &hp.n_text_state, &hp.n_text_head, &hp.n_text_layer,  &hp.n_mels,       &hp.ftype};
  for (int32_t* field : fields) *field = file.number<int32_t>();
  hp.ftype %= kQuantVersionFactor;
  return file.ok() && between(hp.n_vocab, 51864, 51866) && hp.n_audio_ctx == 1500 && between(hp.n_text_ctx, 64, 4096) &&
         between(hp.n_audio_state, 16, 8192) && hp.n_text_state == hp.n_audio_state && between(hp.n_audio_head, 1, 256) &&
         between(hp.n_text_head, 1, 256) && hp.n_audio_state % hp.n_audio_head == 0 && hp.n_text_state % hp.n_text_head == 0 &&
         between(hp.n_audio_layer, 1, 256) && between(hp.n_text_layer, 1, 256) && between(hp.n_mels, 1, 512);
}

bool read_filters(ModelFile& file, MelFilters& filters, int n_mels) {
  filters.n_mel = file.number<int32_t>();
  filters.n_fft = file.number<int32_t>();
  if (!file.ok() || filters.n_mel != n_mels || filters.n_fft != 201) return false;
  filters.data.resize(size_t(filters.n_mel) * filters.n_fft);
  return file.read(filters.data.data(), int64_t(filters.data.size() * sizeof(float)));
}

bool read_tokens(ModelFile& file, std::vector<std::string>& tokens, int n_vocab) {
  const int32_t count = file.number<int32_t>();
  if (!file.ok() || !between(count, 1, n_vocab)) return false;
  for (int32_t i = 0; i < count && file.ok(); ++i) tokens.push_back(file.bytes(file.number<uint32_t>()));
  return file.ok();
}

// Whisper's files hold these and no other types.
bool is_known_type(int32_t type) { return between(type, 0, GGML_TYPE_COUNT - 1) && ggml_type_size(ggml_type(type)) > 0; }

bool read_record(ModelFile& file, ggml_context* ctx, TensorRecord& record) {
  const int32_t n_dims = file.number<int32_t>(), name_length = file.number<int32_t>(), type = file.number<int32_t>();
  if (!file.ok() || !between(n_dims, 1, 3) || !between(name_length, 1, 200) || !is_known_type(type)) return false;
  int64_t ne[GGML_MAX_DIMS] = {1, 1, 1, 1};
  for (int32_t i = 0; i < n_dims; ++i) {
    ne[i] = file.number<int32_t>();
    if (!between(int32_t(ne[i]), 1, 1 << 20)) return false;
  }
  if (ne[0] % ggml_blck_size(ggml_type(type)) != 0) return false;
  record.name = file.bytes(name_length);
  if (!file.ok()) return false;
  record.tensor = ggml_new_tensor_4d(ctx, ggml_type(type), ne[0], ne[1], ne[2], ne[3]);
  record.offset = file.offset();
  file.skip(int64_t(ggml_nbytes(record.tensor)));
  return file.ok();
}

// Reads past the end fail for good; whatever else was found wrong is then a consequence.
std::string refusal(const ModelFile& file, const std::string& otherwise) { return file.ok() ? otherwise : "the file is truncated"; }

bool load_data(ModelFile& file, const std::vector<TensorRecord>& records) {
  std::vector<uint8_t> staged;
  for (const TensorRecord& record : records) {
    const size_t bytes = ggml_nbytes(record.tensor);
    file.seek(record.offset);
    if (ggml_backend_buffer_is_host(record.tensor->buffer)) {
      if (!file.read(record.tensor->data, int64_t(bytes))) return false;
    } else {
      staged.resize(bytes);
      if (!file.read(staged.data(), int64_t(bytes))) return false;
      ggml_backend_tensor_set(record.tensor, staged.data(), 0, bytes);
    }
  }
  return true;
}

}  // namespace

LoadedModel load_model(const std::string& path, ggml_backend_buffer_type_t type) {
  ModelFile file(path);
  if (!file.is_open()) return {nullptr, "the file cannot be opened"};
  if (file.number<uint32_t>() != kMagic) return {nullptr, "the file is not a whisper.cpp (ggml) model"};

  auto model = std::make_unique<Model>();
  std::vector<std::string> tokens;
  if (!read_hparams(file, model->hparams)) return {nullptr, refusal(file, "its header describes no Whisper model")};
  if (!read_filters(file, model->filters, model->hparams.n_mels)) return {nullptr, refusal(file, "its mel filters have the wrong size")};
  if (!read_tokens(file, tokens, model->hparams.n_vocab)) return {nullptr, refusal(file, "its vocabulary is damaged")};
  model->vocabulary = Vocabulary(std::move(tokens), model->hparams.n_vocab);

  const size_t count = 11 + 15 * size_t(model->hparams.n_audio_layer) + 24 * size_t(model->hparams.n_text_layer);
  model->tensors.reset(ggml_init({(count + 1) * ggml_tensor_overhead(), nullptr, true}));
  std::vector<TensorRecord> records(count);
  std::map<std::string, ggml_tensor*> by_name;
  for (TensorRecord& record : records) {
    if (!read_record(file, model->tensors.get(), record)) return {nullptr, refusal(file, "a tensor's header is damaged")};
    by_name[record.name] = record.tensor;
  }
  if (file.left() != 0) return {nullptr, "it has more tensors than its header says"};
  const std::string missing = bind_weights(model->weights, model->hparams, by_name);
  if (!missing.empty()) return {nullptr, "it lacks " + missing};

  model->buffer.reset(ggml_backend_alloc_ctx_tensors_from_buft(model->tensors.get(), type));
  if (!model->buffer) return {nullptr, "there is not enough memory for the model"};
  ggml_backend_buffer_set_usage(model->buffer.get(), GGML_BACKEND_BUFFER_USAGE_WEIGHTS);
  if (!load_data(file, records)) return {nullptr, "the file could not be read"};
  return {std::move(model), ""};
}

}  // namespace sotto::whisper
