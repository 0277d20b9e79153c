// The least a test program needs: counts failures, says where.
#pragma once
#include <cstdio>

namespace sotto::whisper {

inline int& failures() {
  static int count = 0;
  return count;
}

#define SOTTO_CHECK(condition)                                                       \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      ++sotto::whisper::failures();                                                  \
    }                                                                                \
  } while (false)

inline int report(const char* name) {
  std::printf("%s: %s\n", name, failures() == 0 ? "ok" : "FAILED");
  return failures() == 0 ? 0 : 1;
}

}  // namespace sotto::whisper
