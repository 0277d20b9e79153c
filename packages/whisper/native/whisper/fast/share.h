// The part of `count` things that one of `size` workers takes: even, in order, nothing twice.
#pragma once
#include <cstdint>

namespace sotto::whisper {

struct Share {
  int begin, end;
  int size() const { return end - begin; }
};

inline Share share_of(int count, int worker, int size) {
  return {int(int64_t(count) * worker / size), int(int64_t(count) * (worker + 1) / size)};
}

}  // namespace sotto::whisper
