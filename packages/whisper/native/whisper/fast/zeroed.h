// Memory that is all zeros, and takes none of the machine's until it is written to.
#pragma once
#include <cstdlib>
#include <memory>
#include <new>

namespace sotto::whisper {

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};

template <typename T>
using Zeroed = std::unique_ptr<T[], FreeMemory>;

/** @throws std::bad_alloc */
template <typename T>
Zeroed<T> zeroed(size_t count) {
  void* memory = std::calloc(count, sizeof(T));
  if (!memory) throw std::bad_alloc();
  return Zeroed<T>(static_cast<T*>(memory));
}

}  // namespace sotto::whisper
