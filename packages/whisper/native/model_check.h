// Is this file a complete whisper.cpp model? Asked before whisper.cpp reads it: it takes a truncated file for an empty one,
// and a foreign or damaged one can end the process.
#pragma once

#include <cstdint>
#include <string>

namespace sotto {

struct ModelCheck {
  std::string fault;  // "" = sound; else one sentence
  uint64_t bytes = 0;
};

// Walks the headers of all tensors (a few hundred seeks, no weights are read) and compares with the length of the file.
ModelCheck check_model_file(const std::string& path);

}  // namespace sotto
