// Compares every window's tokens, times and confidences with whisper.cpp's whisper_full on the same samples.
//   compare_upstream --model=M --wav=W [--seconds=30 --overlap=1 --flash=0 --slots=8 ...]; exit 1 when a window differs
#include <cmath>
#include <cstdio>

#include "arguments.h"
#include "many_windows.h"
#include "upstream.h"

using namespace sotto;
using namespace sotto::whisper;

static float largest_difference(const WindowResult& a, const WindowResult& b) {
  float largest = 0;
  for (size_t s = 0; s < std::min(a.segments.size(), b.segments.size()); ++s) {
    const auto &x = a.segments[s].tokens, &y = b.segments[s].tokens;
    for (size_t t = 0; t < std::min(x.size(), y.size()); ++t) largest = std::max(largest, std::fabs(x[t].p - y[t].p));
  }
  return largest;
}

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const std::vector<float> pcm = read_wav(arguments.text("wav", ""));
  const auto spans = cut_windows(pcm.size(), arguments.number("seconds", 30), arguments.number("overlap", 0) != 0);
  Engine::Created created = Engine::create(arguments.engine());
  if (!created.engine) return std::fprintf(stderr, "%s\n", created.error.c_str()), 1;
  const WindowOptions options = arguments.window();
  const auto ours = transcribe_all(*created.engine, pcm, spans, options);

  whisper_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  whisper_context_params params = whisper_context_default_params();
  params.use_gpu = false;
  params.flash_attn = arguments.number("flash", 0) != 0;
  whisper_context* model = whisper_init_from_file_with_params_no_state(arguments.text("model", "").c_str(), params);
  size_t same = 0;
  float largest = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    const WindowResult theirs = upstream_transcribe(model, pcm.data() + spans[i].start, spans[i].count, options);
    const bool equal = ours[i].status == Status::ok && timed_text_of(ours[i].result) == timed_text_of(theirs) &&
                       ours[i].result.language == theirs.language;
    same += equal;
    if (equal) largest = std::max(largest, largest_difference(ours[i].result, theirs));
    if (equal) continue;
    std::printf("window %zu at %.1f s differs (%s, temperature %.1f)\n  theirs %s\n  ours   %s\n", i, spans[i].start / 16000.0,
                ours[i].error.c_str(), ours[i].result.temperature, timed_text_of(theirs).c_str(), timed_text_of(ours[i].result).c_str());
  }
  whisper_free(model);
  std::printf("%s backend: %zu of %zu windows equal, largest difference of a confidence %.2g\n", created.engine->backend(), same,
              spans.size(), largest);
  return same == spans.size() ? 0 : 1;
}
