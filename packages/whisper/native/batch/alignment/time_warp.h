// When each token is spoken, from how much its row looks at each frame.
// Method: OpenAI whisper/timing.py find_alignment (normalise over tokens, median filter over time, mean over heads, DTW).
#pragma once
#include <vector>

namespace sotto::batch {

/**
 * Weights of `heads` alignment heads for `rows` tokens over `frames` encoder frames (20 ms): [row][head][stride].
 * All rows take part in the normalisation, only [first_row, end_row) in the path.
 */
struct AttentionWeights {
  const float* data;
  int rows, heads, frames;
  int stride;  // frames stored per head
  int first_row, end_row;
};

/** @returns for each row of the path the first frame it is given; never falling. */
std::vector<int> align_rows(const AttentionWeights& weights);

}  // namespace sotto::batch
