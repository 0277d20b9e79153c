// ggml logs through one global callback that knows no model. Each of our threads says whose work it does, and the line goes
// to that model's sink.
#pragma once

#include <functional>
#include <string>

namespace sotto {

using LogSink = std::function<void(int level /* ggml_log_level */, const std::string& text)>;

// Routes ggml's log; safe to call more than once.
void install_log_routing();

// While it lives, log lines of this thread go to `sink`.
class LogScope {
 public:
  explicit LogScope(const LogSink* sink);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  const LogSink* outer_;
};

}  // namespace sotto
