#include "decoding/logit_scan.h"

#include "decoding/logit_scan_loops.h"

namespace sotto::whisper {

#ifdef SOTTO_AVX2_SCAN
extern const LogitScan kAvx2Scan;
#endif

const LogitScan kPlainScan = {block_maxima, sum_exp};

const LogitScan& logit_scan() {
#ifdef SOTTO_AVX2_SCAN
  static const LogitScan& best = __builtin_cpu_supports("avx2") ? kAvx2Scan : kPlainScan;
  return best;
#else
  return kPlainScan;
#endif
}

}  // namespace sotto::whisper
