// The two passes over long rows of logits that take time, compiled for the CPUs that there are.
#pragma once
#include <cstddef>

namespace sotto::whisper {

/** Values whose maximum is kept, so that most of a row need not be looked at again. */
constexpr size_t kScanBlock = 256;

/** Blocks so far below the maximum are left out of a sum: a whole vocabulary of them adds less than 1e-9 of it. */
constexpr float kNegligible = -32.0f;

struct LogitScan {
  /** Writes the maximum of each block of kScanBlock values. @returns the largest, -inf for no values. */
  float (*block_maxima)(const float* values, size_t count, float* maxima);
  /** Sum of e^((value - max) * scale); relative error below 1e-6. @param maxima as block_maxima wrote them. */
  double (*sum_exp)(const float* values, size_t count, const float* maxima, float max, float scale);
};

/** For any CPU that this build runs on. */
extern const LogitScan kPlainScan;
/** What this CPU does best; every kind gives the same bits. */
const LogitScan& logit_scan();

}  // namespace sotto::whisper
