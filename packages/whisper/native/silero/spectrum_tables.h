#pragma once

#include "kernels.h"

namespace sotto::silero {

SpectrumTables spectrum_tables();

}  // namespace sotto::silero
