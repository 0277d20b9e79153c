#include "job_check.h"

#include <algorithm>
#include <cmath>

#include "model/language.h"

namespace sotto::whisper {

std::string job_refusal(const Job& job, const Vocabulary& vocabulary, int max_width) {
  const WindowOptions& options = job.options;
  if (job.pcm.size() > size_t(kMaxWindowSamples)) return "the window is longer than 30 s";
  const int language = language_index(options.language);
  if (!options.language.empty() && (language < 0 || language >= vocabulary.language_count()))
    return "the model does not know language " + options.language;
  const auto known = [&](const std::string& code) {
    const int index = language_index(code);
    return index >= 0 && index < vocabulary.language_count();
  };
  if (!options.languages.empty() && std::none_of(options.languages.begin(), options.languages.end(), known))
    return "the model knows none of the languages that it may choose from";
  if (std::max(options.beam_size, options.best_of) > max_width) return "more beams or candidates than the engine has room for";
  return "";
}

// NaN would spread over the whole spectrogram; below a second Whisper often finds nothing.
std::vector<float> safe_audio(std::vector<float> pcm) {
  for (float& sample : pcm) sample = std::isfinite(sample) ? std::clamp(sample, -1.0f, 1.0f) : 0.0f;
  if (pcm.size() < size_t(kSampleRate)) pcm.resize(kSampleRate, 0.0f);
  return pcm;
}

}  // namespace sotto::whisper
