// From settings to an engine on the right device, and what can be told about it.
#pragma once

#include <memory>
#include <string>

#include "engine.h"

namespace sotto {

struct EngineSettings {
  std::string path;
  std::string device;        // "auto", "cpu", "cuda", "metal"
  int slots = 1;             // windows decoded together, at most
  int reserved_slots = 0;    // beside them, so many that only urgent windows take
  double longest_rest_ms = 0;  // of a window for the sake of urgent ones, in all
  uint64_t slot_memory = 0;  // bytes for all slots, where they live in the machine's memory; 0: no limit
  int threads = 1;
  bool portable = false;     // ggml's operators even where the fast kernels could run
  LogSink log;
};

struct ModelInfo {
  bool multilingual = false;
  int vocabulary = 0, mel_bins = 0, encoder_layers = 0, decoder_layers = 0, width = 0, slots = 0;
  std::string device;   // "cpu", or ggml's name of the GPU's driver
  std::string backend;  // "fast", "portable"
  uint64_t weight_bytes = 0, bytes_per_slot = 0;
  whisper::AlignmentChoice alignment;
};

struct LoadedEngine {
  std::unique_ptr<whisper::Engine> engine;  // null: `fault` says why in a sentence
  ModelInfo info;
  std::string fault;
};

// Blocking: reads the model and makes room for all slots.
LoadedEngine load_engine(const EngineSettings& settings);

// Name and value of the instruction sets and backends this build uses, one line.
std::string system_info();

}  // namespace sotto
