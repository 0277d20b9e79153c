#include "spectrum_tables.h"

#include <cmath>

namespace sotto::silero {

SpectrumTables spectrum_tables() {
  const double full_turn = 8.0 * std::atan(1.0);
  SpectrumTables tables{};
  for (int n = 0; n < kFrame; ++n) tables.window[n] = float(0.5 - 0.5 * std::cos(full_turn * n / kFrame));
  for (int bit = 1, opposite = kHop / 2; bit < kHop; bit *= 2, opposite /= 2) {
    for (int n = 0; n < kHop; ++n) {
      if (n & bit) tables.reversed[n] |= opposite;
    }
  }
  for (int j = 0; j < kHop / 2; ++j) {
    tables.cosine[j] = float(std::cos(full_turn * j / kHop));
    tables.sine[j] = float(std::sin(full_turn * j / kHop));
  }
  for (int k = 0; k < kBins; ++k) {
    tables.turn_cosine[k] = float(std::cos(full_turn * k / kFrame));
    tables.turn_sine[k] = float(std::sin(full_turn * k / kFrame));
  }
  return tables;
}

}  // namespace sotto::silero
