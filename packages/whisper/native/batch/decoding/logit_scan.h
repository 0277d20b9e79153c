// Passes over long rows of logits, written so that compilers vectorise them.
#pragma once
#include <cstddef>

namespace sotto::batch {

/** -inf for no values. */
float max_of(const float* values, size_t count);
/** Index of the first value equal to `value`, or `count`. */
size_t index_of(const float* values, size_t count, float value);
/** Sum of e^((value - max) * scale); relative error below 1e-6. */
double sum_exp(const float* values, size_t count, float max, float scale);

}  // namespace sotto::batch
