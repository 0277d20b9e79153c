// --name=value arguments of the test programs.
#pragma once
#include <cstring>
#include <string>

#include "engine.h"

namespace sotto::whisper {

class Arguments {
 public:
  Arguments(int argc, char** argv) : argc_(argc), argv_(argv) {}

  std::string text(const char* name, const std::string& otherwise) const {
    const std::string start = std::string("--") + name + "=";
    for (int i = 1; i < argc_; ++i)
      if (std::strncmp(argv_[i], start.c_str(), start.size()) == 0) return argv_[i] + start.size();
    return otherwise;
  }
  double number(const char* name, double otherwise) const {
    const std::string value = text(name, "");
    return value.empty() ? otherwise : std::stod(value);
  }
  EngineOptions engine() const {
    EngineOptions options;
    options.model_path = text("model", "");
    options.slots = int(number("slots", 8));
    options.threads = int(number("threads", 2));
    const std::string backend = text("backend", "auto");
    options.backend = backend == "fast" ? BackendChoice::fast : backend == "portable" ? BackendChoice::portable : BackendChoice::automatic;
    return options;
  }
  WindowOptions window() const {
    WindowOptions options;
    options.language = text("language", "en");
    if (options.language == "auto") options.language.clear();
    options.translate = number("translate", 0) != 0;
    options.temperature = float(number("temperature", 0));
    options.temperature_increment = float(number("increment", 0.2));
    options.beam_size = int(number("beam", 1));
    options.best_of = int(number("best-of", 5));
    options.prompt = text("prompt", "");
    options.word_times = number("words", 0) != 0;
    options.timestamps = number("timestamps", 1) != 0;
    options.entropy_threshold = float(number("entropy", 2.4));
    options.tail_ms = int(number("tail", -1));
    options.logprob_threshold = float(number("logprob", -1));
    return options;
  }

 private:
  int argc_;
  char** argv_;
};

}  // namespace sotto::whisper
