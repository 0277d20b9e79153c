#pragma once

#include "kernels.h"

namespace sotto::speech {

SpectrumTables spectrum_tables();

}  // namespace sotto::speech
