// Compiled for AVX2; runs where the CPU has it.
#include "decoding/logit_scan_loops.h"

namespace sotto::whisper {

extern const LogitScan kAvx2Scan;
const LogitScan kAvx2Scan = {block_maxima, sum_exp};

}  // namespace sotto::whisper
