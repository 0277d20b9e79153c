// Where sound begins and ends, from loudness alone. Attention tells which word is being said but not when a pause ends.
#pragma once

#include <vector>

namespace sotto {

class SpeechEdges {
 public:
  explicit SpeechEdges(const std::vector<float>& pcm);

  // `ms` itself when there is sound; else where the next sound begins, if that is not after `limit_ms`.
  int next_sound(int ms, int limit_ms) const;
  // `ms` itself when there is sound just before it; else where the last sound ended, if that is after `floor_ms`.
  int last_sound(int ms, int floor_ms) const;

 private:
  std::vector<bool> sound_;  // one per 10 ms
};

}  // namespace sotto
