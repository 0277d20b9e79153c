#pragma once
#include <string>
#include <vector>

namespace sotto::whisper {

/** Samples of a 16 kHz mono 16-bit WAV file; empty when it cannot be read. */
std::vector<float> read_wav(const std::string& path);

/** Windows of at most 30 s; with `overlap` every further window starts half a window later. */
struct Span {
  size_t start, count;
};
std::vector<Span> cut_windows(size_t samples, double seconds, bool overlap);

}  // namespace sotto::whisper
