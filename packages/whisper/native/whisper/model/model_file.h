// Bounded reads from a ggml file: after the first short read every further read fails.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>

namespace sotto::whisper {

class ModelFile {
 public:
  explicit ModelFile(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {
    if (!file_) return;
    std::fseek(file_, 0, SEEK_END);
    size_ = std::ftell(file_);
    std::fseek(file_, 0, SEEK_SET);
  }
  ~ModelFile() {
    if (file_) std::fclose(file_);
  }
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;

  bool is_open() const { return file_ != nullptr; }
  bool ok() const { return ok_; }
  int64_t offset() const { return std::ftell(file_); }
  int64_t left() const { return size_ - offset(); }

  bool read(void* to, int64_t bytes) {
    ok_ = ok_ && bytes >= 0 && bytes <= left() && std::fread(to, 1, bytes, file_) == size_t(bytes);
    return ok_;
  }
  template <typename T>
  T number() {
    T value{};
    read(&value, sizeof value);
    return value;
  }
  std::string bytes(int64_t length) {
    if (length < 0 || length > left()) {
      ok_ = false;
      return {};
    }
    std::string out(size_t(length), '\0');
    read(out.data(), length);
    return out;
  }
  void skip(int64_t bytes) { ok_ = ok_ && bytes >= 0 && bytes <= left() && std::fseek(file_, bytes, SEEK_CUR) == 0; }
  void seek(int64_t offset) { ok_ = ok_ && std::fseek(file_, offset, SEEK_SET) == 0; }

 private:
  std::FILE* file_;
  int64_t size_ = 0;
  bool ok_ = true;
};

}  // namespace sotto::whisper
