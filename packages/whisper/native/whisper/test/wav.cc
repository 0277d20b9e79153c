#include "wav.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

namespace sotto::whisper {

std::vector<float> read_wav(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto u32 = [&](size_t at) {
    uint32_t value = 0;
    if (at + 4 <= bytes.size()) std::memcpy(&value, &bytes[at], 4);
    return value;
  };
  size_t at = 12;
  while (at + 8 <= bytes.size() && std::memcmp(&bytes[at], "data", 4) != 0) at += 8 + u32(at + 4);
  std::vector<float> samples;
  for (at += 8; at + 2 <= bytes.size(); at += 2) {
    int16_t value;
    std::memcpy(&value, &bytes[at], 2);
    samples.push_back(value / 32768.0f);
  }
  return samples;
}

std::vector<Span> cut_windows(size_t samples, double seconds, bool overlap) {
  const size_t size = size_t(std::min(30.0, seconds) * 16000);
  std::vector<Span> spans;
  for (size_t start = 0; start + 3200 < samples; start += overlap ? size / 2 : size)
    spans.push_back({start, std::min(size, samples - start)});
  return spans;
}

}  // namespace sotto::whisper
