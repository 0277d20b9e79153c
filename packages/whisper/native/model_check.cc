#include "model_check.h"

#include <array>
#include <fstream>
#include <stdexcept>

#include "ggml.h"

namespace sotto {

namespace {

constexpr uint32_t kMagic = 0x67676d6c;
constexpr int kMaxLayers = 64, kMaxWidth = 8192, kMaxVocabulary = 100000, kMaxTokenBytes = 4096;

struct Fault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Reader {
 public:
  explicit Reader(const std::string& path) : file_(path, std::ios::binary) {
    if (!file_) throw Fault("the file cannot be opened");
    file_.seekg(0, std::ios::end);
    size_ = (uint64_t)file_.tellg();
    file_.seekg(0);
  }
  uint64_t size() const { return size_; }
  bool at_end() const { return at_ == size_; }
  int32_t integer() {
    int32_t value = 0;
    need(sizeof value);
    file_.read(reinterpret_cast<char*>(&value), sizeof value);
    at_ += sizeof value;
    return value;
  }
  void skip(uint64_t bytes) {
    need(bytes);
    at_ += bytes;
    file_.seekg((std::streamoff)at_);
  }

 private:
  void need(uint64_t bytes) {
    if (bytes > size_ - at_) throw Fault("the file is truncated");
  }
  std::ifstream file_;
  uint64_t size_ = 0, at_ = 0;
};

void expect(bool holds, const char* fault) {
  if (!holds) throw Fault(fault);
}

// vocabulary, audio context, width, heads, layers, text context, width, heads, layers, mel bins, type
using Hyperparameters = std::array<int32_t, 11>;

Hyperparameters read_hyperparameters(Reader& file) {
  expect(file.size() >= 4 && (uint32_t)file.integer() == kMagic, "the file is not a whisper.cpp (ggml) model");
  Hyperparameters h{};
  for (int32_t& value : h) value = file.integer();
  const auto width_ok = [&](int width, int heads) { return width > 0 && width <= kMaxWidth && heads > 0 && width % heads == 0; };
  const auto layers_ok = [](int layers) { return layers > 0 && layers <= kMaxLayers; };
  const bool sound = h[0] >= 51864 && h[0] <= kMaxVocabulary && h[1] == 1500 && h[5] == 448 && width_ok(h[2], h[3]) &&
                     width_ok(h[6], h[7]) && h[2] == h[6] && layers_ok(h[4]) && layers_ok(h[8]) && (h[9] == 80 || h[9] == 128);
  expect(sound, "its header describes no Whisper model");
  return h;
}

void skip_filters(Reader& file, int mel_bins) {
  const int32_t bins = file.integer(), fft = file.integer();
  expect(bins == mel_bins && fft == 201, "its mel filters have the wrong size");
  file.skip((uint64_t)bins * fft * sizeof(float));
}

void skip_vocabulary(Reader& file, int vocabulary) {
  const int32_t tokens = file.integer();
  expect(tokens > 0 && tokens <= vocabulary, "its vocabulary has the wrong size");
  for (int32_t i = 0; i < tokens; ++i) {
    const int32_t bytes = file.integer();
    expect(bytes >= 0 && bytes <= kMaxTokenBytes, "its vocabulary is damaged");
    file.skip((uint64_t)bytes);
  }
}

void skip_tensor(Reader& file) {
  const int32_t dims = file.integer(), name = file.integer(), type = file.integer();
  expect(dims >= 1 && dims <= 3 && name >= 1 && name <= 128 && type >= 0 && type < GGML_TYPE_COUNT, "a tensor's header is damaged");
  uint64_t elements = 1;
  int32_t first = 0;
  for (int32_t d = 0; d < dims; ++d) {
    const int32_t extent = file.integer();
    expect(extent > 0 && extent <= 1 << 20, "a tensor's size is damaged");
    if (d == 0) first = extent;
    elements *= (uint64_t)extent;
    expect(elements <= (uint64_t)1 << 33, "a tensor's size is damaged");
  }
  const int64_t block = ggml_blck_size((ggml_type)type);
  expect(block > 0 && first % block == 0, "a tensor's type does not fit its size");
  file.skip((uint64_t)name);
  file.skip(elements / (uint64_t)block * ggml_type_size((ggml_type)type));
}

}  // namespace

ModelCheck check_model_file(const std::string& path) {
  ModelCheck check;
  try {
    Reader file(path);
    check.bytes = file.size();
    const Hyperparameters h = read_hyperparameters(file);
    skip_filters(file, h[9]);
    skip_vocabulary(file, h[0]);
    const int expected = 11 + 15 * h[4] + 24 * h[8];
    int tensors = 0;
    for (; !file.at_end(); ++tensors) {
      expect(tensors < expected, "it has more tensors than its header says");
      skip_tensor(file);
    }
    expect(tensors == expected, "the file is truncated");
  } catch (const std::exception& error) {
    check.fault = error.what();
  }
  return check;
}

}  // namespace sotto
