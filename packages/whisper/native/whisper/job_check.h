// What an engine takes: jobs it can do, audio that cannot harm it.
#pragma once
#include <string>
#include <vector>

#include "job.h"
#include "model/vocabulary.h"

namespace sotto::whisper {

/** @param max_width beams or candidates that there is room for. @returns why the job cannot be done, or "". */
std::string job_refusal(const Job& job, const Vocabulary& vocabulary, int max_width);

/** Numbers only, within -1..1, a second at least. */
std::vector<float> safe_audio(std::vector<float> pcm);

}  // namespace sotto::whisper
