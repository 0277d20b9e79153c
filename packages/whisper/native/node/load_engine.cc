#include "load_engine.h"

#include <sys/stat.h>

#include "ggml-backend.h"
#include "slot_memory.h"

namespace sotto {

namespace {

constexpr int kMaxDecoders = 5;           // beams, or candidates of a fallback; src/engine/options.ts keeps requests below
constexpr double kShareOfGpuMemory = 0.7;  // of what the model leaves free; the rest is for the graphs

ggml_backend_dev_t find_gpu() {
  ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU);
  return device != nullptr ? device : ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_IGPU);
}

uint64_t file_size(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? uint64_t(status.st_size) : 0;
}

uint64_t gpu_memory_for_slots(ggml_backend_dev_t gpu, uint64_t model_bytes) {
  size_t free = 0, total = 0;
  ggml_backend_dev_memory(gpu, &free, &total);
  return free <= model_bytes ? 1 : uint64_t(kShareOfGpuMemory * double(free - model_bytes));
}

ModelInfo describe(const whisper::Engine& engine, const std::string& device) {
  const whisper::Model& model = engine.model();
  const whisper::Hparams& hp = model.hparams;
  const whisper::EngineOptions& options = engine.options();
  ModelInfo info;
  info.multilingual = model.vocabulary.is_multilingual();
  info.vocabulary = hp.n_vocab;
  info.mel_bins = hp.n_mels;
  info.encoder_layers = hp.n_audio_layer;
  info.decoder_layers = hp.n_text_layer;
  info.width = hp.n_text_state;
  info.slots = options.slots - options.reserved_slots;
  info.device = device;
  info.backend = engine.backend();
  info.weight_bytes = engine.weight_bytes();
  info.bytes_per_slot = whisper::slot_bytes(hp, options.max_width, options.alignment.heads.size());
  info.alignment = options.alignment;
  return info;
}

void log_model(const LogSink& log, const ModelInfo& info) {
  if (!log) return;
  log(GGML_LOG_LEVEL_INFO,
      "model: n_vocab = " + std::to_string(info.vocabulary) + ", n_audio_layer = " + std::to_string(info.encoder_layers) +
          ", n_text_layer = " + std::to_string(info.decoder_layers) + ", n_text_state = " + std::to_string(info.width) +
          ", device = " + info.device + ", backend = " + info.backend + ", slots = " + std::to_string(info.slots) +
          ", MB per slot = " + std::to_string(info.bytes_per_slot / 1000000));
}

}  // namespace

LoadedEngine load_engine(const EngineSettings& settings) {
  const LogScope log(&settings.log);
  ggml_backend_dev_t gpu = settings.device == "cpu" ? nullptr : find_gpu();
  if (gpu == nullptr && (settings.device == "cuda" || settings.device == "metal"))
    return {nullptr, {}, "there is no GPU that this build can use (device \"" + settings.device + "\" was asked for)"};

  whisper::EngineOptions options;
  options.model_path = settings.path;
  options.slots = settings.slots + settings.reserved_slots;
  options.reserved_slots = settings.reserved_slots;
  options.longest_rest_ms = settings.longest_rest_ms;
  options.slot_memory = settings.slot_memory;
  options.max_width = kMaxDecoders;
  options.threads = settings.threads;
  options.backend = settings.portable ? whisper::BackendChoice::portable : whisper::BackendChoice::automatic;
  options.log = settings.log;
  ggml_backend_t device = nullptr;
  if (gpu != nullptr) {
    if (settings.slot_memory > 0) options.slot_memory = gpu_memory_for_slots(gpu, file_size(settings.path));
    device = ggml_backend_dev_init(gpu, nullptr);
    if (device == nullptr) return {nullptr, {}, "the GPU cannot be used"};
  }
  whisper::Engine::Created created = whisper::Engine::create(options, device);
  if (!created.engine) return {nullptr, {}, created.error};
  const std::string device_name = gpu == nullptr ? "cpu" : ggml_backend_reg_name(ggml_backend_dev_backend_reg(gpu));
  LoadedEngine loaded{std::move(created.engine), {}, ""};
  loaded.info = describe(*loaded.engine, device_name);
  log_model(settings.log, loaded.info);
  return loaded;
}

std::string system_info() {
  std::string line;
  for (size_t i = 0; i < ggml_backend_reg_count(); ++i) {
    ggml_backend_reg_t reg = ggml_backend_reg_get(i);
    void* get = ggml_backend_reg_get_proc_address(reg, "ggml_backend_get_features");
    if (get == nullptr) continue;
    line += std::string(ggml_backend_reg_name(reg)) + " : ";
    for (const ggml_backend_feature* f = reinterpret_cast<ggml_backend_get_features_t>(get)(reg); f->name != nullptr; ++f)
      line += std::string(f->name) + " = " + f->value + " | ";
  }
  return line;
}

}  // namespace sotto
