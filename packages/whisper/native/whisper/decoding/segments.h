// From the tokens of a pass to segments with times, as whisper.cpp cuts them.
#pragma once
#include <vector>

#include "decoding/hypothesis.h"
#include "window.h"

namespace sotto::whisper {

/** @param limits the pass's; times are in ms inside the window, cut to its audio. */
std::vector<Segment> cut_segments(const Hypothesis& hypothesis, const PassLimits& limits, const Vocabulary& vocabulary);

/** Frames to move on: all that is left when the hypothesis ends in a single time, upstream's rule. */
int frames_consumed(const Hypothesis& hypothesis, const PassLimits& limits, const Vocabulary& vocabulary);

}  // namespace sotto::whisper
