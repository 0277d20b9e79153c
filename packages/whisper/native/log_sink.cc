#include "log_sink.h"

#include <cstdio>
#include <mutex>

#include "ggml-backend.h"
#include "ggml.h"
#include "whisper.h"

namespace sotto {

namespace {

thread_local const LogSink* current_sink = nullptr;
thread_local int current_level = GGML_LOG_LEVEL_INFO;
thread_local std::string last_error;

void route(ggml_log_level level, const char* text, void*) {
  const int effective = level == GGML_LOG_LEVEL_CONT ? current_level : (int)level;
  current_level = effective;
  if (effective == GGML_LOG_LEVEL_ERROR) last_error = text;
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
    whisper_log_set(route, nullptr);
    ggml_set_abort_callback(report_abort);
  });
}

LogScope::LogScope(const LogSink* sink) : outer_(current_sink) {
  current_sink = sink;
  last_error.clear();
}

LogScope::~LogScope() { current_sink = outer_; }

std::string last_logged_error() {
  std::string text = last_error;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace sotto
