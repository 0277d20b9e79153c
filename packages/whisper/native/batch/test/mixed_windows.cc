// Windows with mixed options, some aborted at random moments, all at once, against each of them alone.
//   mixed_windows --model=M --wav=W [--count=200 --rows=8 --layer=fast --tolerance=0]
#include <random>

#include "arguments.h"
#include "check.h"
#include "many_windows.h"
#include "same_outcome.h"

using namespace sotto;
using namespace sotto::batch;

static std::string detail(const WindowResult& result) {
  std::string text = result.language + " at " + std::to_string(result.temperature);
  for (const Segment& segment : result.segments)
    for (const Token& token : segment.tokens)
      text += " " + token.bytes + "@" + std::to_string(token.start_ms) + "-" + std::to_string(token.end_ms) + ":" + std::to_string(token.p);
  return text;
}

struct Case {
  Span span;
  WindowOptions options;
  int abort_after;  // progress reports; -1: never
};

static Case random_case(size_t samples, bool multilingual, std::mt19937& random) {
  const auto pick = [&](size_t low, size_t high) { return std::uniform_int_distribution<size_t>(low, high)(random); };
  Case c;
  c.span.count = std::min(samples, pick(8000, 16000 * 30));
  c.span.start = pick(0, samples - c.span.count);
  const char* languages[] = {"", "en", "es", "de"};
  c.options.language = multilingual ? languages[pick(0, 3)] : "en";
  c.options.translate = multilingual && pick(0, 5) == 0;
  c.options.temperature = pick(0, 5) == 0 ? 0.4f : 0.0f;
  c.options.temperature_increment = pick(0, 1) ? 0.4f : 0.0f;
  c.options.beam_size = pick(0, 1) ? 1 : static_cast<int>(pick(2, 5));
  c.options.best_of = static_cast<int>(pick(1, 5));
  c.options.prompt = pick(0, 3) == 0 ? "one two, and so my fellow Americans" : "";
  if (pick(0, 9) == 0)
    for (int i = 0; i < 300; ++i) c.options.prompt += " seven";  // longer than the decoder can take
  c.options.word_times = pick(0, 1);
  c.options.timestamps = pick(0, 4) != 0;
  c.abort_after = pick(0, 7) == 0 ? static_cast<int>(pick(0, 3)) : -1;
  return c;
}

static std::shared_ptr<Job> job_of(const std::vector<float>& pcm, const Case& c, bool abort) {
  auto job = make_job(pcm, c.span, c.options);
  job->cancelled = abort && c.abort_after == 0;
  job->on_progress = [raw = job.get(), after = abort ? c.abort_after : -1, reports = 0, progress = 0.0f](float now) mutable {
    SOTTO_CHECK(now >= progress && now <= 1);
    progress = now;
    if (++reports == after) raw->cancelled = true;
  };
  return job;
}

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const std::vector<float> pcm = read_wav(arguments.text("wav", ""));
  BatchEngine::Created created = BatchEngine::create(arguments.engine());
  if (!created.engine) return std::fprintf(stderr, "%s\n", created.error.c_str()), 1;
  BatchEngine& engine = *created.engine;
  std::mt19937 random(static_cast<unsigned>(arguments.number("seed", 1)));
  std::vector<Case> cases;
  for (int i = 0; i < arguments.number("count", 200); ++i)
    cases.push_back(random_case(pcm.size(), engine.model().vocabulary.is_multilingual(), random));

  std::vector<std::shared_ptr<Job>> jobs;
  for (const Case& c : cases) jobs.push_back(job_of(pcm, c, true));
  const std::vector<Outcome> together = run_jobs(engine, jobs);

  size_t cancelled = 0, words = 0;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (together[i].status == Status::cancelled) {
      SOTTO_CHECK(cases[i].abort_after >= 0);
      ++cancelled;
      continue;
    }
    const Outcome alone = run_jobs(engine, {job_of(pcm, cases[i], false)})[0];
    const bool same = same_outcome(together[i], alone, static_cast<float>(arguments.number("tolerance", 0)));
    SOTTO_CHECK(same);
    for (const Segment& segment : alone.result.segments) words += segment.tokens.size();
    if (!same) std::printf("window %zu\n  together %s\n  alone    %s\n", i, detail(together[i].result).c_str(), detail(alone.result).c_str());
  }
  std::printf("%s layer: %zu windows, %zu cancelled, %zu tokens\n", engine.layer(), cases.size(), cancelled, words);
  SOTTO_CHECK(words > 0);
  return report("mixed_windows");
}
