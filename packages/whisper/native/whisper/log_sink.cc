#include "log_sink.h"

#include <cstdio>
#include <mutex>

#include "ggml-backend.h"
#include "ggml.h"

namespace sotto {

namespace {

thread_local const LogSink* current_sink = nullptr;
thread_local int current_level = GGML_LOG_LEVEL_INFO;

void route(ggml_log_level level, const char* text, void*) {
  const int effective = level == GGML_LOG_LEVEL_CONT ? current_level : int(level);
  current_level = effective;
  if (current_sink && *current_sink) (*current_sink)(effective, text);
}

// ggml ends the process after this: the reason must reach a human.
void report_abort(const char* message) {
  std::fprintf(stderr, "sotto_whisper: the engine gave up: %s\n", message);
  std::fflush(stderr);
}

}  // namespace

void install_log_routing() {
  static std::once_flag once;
  std::call_once(once, [] {
    ggml_log_set(route, nullptr);
    ggml_set_abort_callback(report_abort);
  });
}

LogScope::LogScope(const LogSink* sink) : outer_(current_sink) { current_sink = sink; }

LogScope::~LogScope() { current_sink = outer_; }

}  // namespace sotto
