// Windows with mixed options, some aborted at random moments, all at once, against each of them alone.
//   mixed_windows --model=M --wav=W [--count=200 --slots=8 --backend=fast --tolerance=0 --seed=1]
#include <random>

#include "arguments.h"
#include "canceller.h"
#include "check.h"
#include "decoding/phrase_trie.h"
#include "many_windows.h"
#include "same_outcome.h"

using namespace sotto;
using namespace sotto::whisper;

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
  bool urgent = false;
  int abort_after = -1;  // reports of its own progress: inside a step; -1: never
  int abort_at = -1;     // reports of all windows: from another thread; -1: never
  bool may_be_cancelled() const { return abort_after >= 0 || abort_at >= 0; }
};

/** Some that are said, some that are nearly said, some that nobody says. */
static std::shared_ptr<const PhraseTrie> random_phrases(const Vocabulary& vocabulary, std::mt19937& random) {
  const char* words[] = {"seven", "Nine", "Stephen", "too", "fore", "fellow", "Mericans", "contrary", "siete", "Kubernetes"};
  const auto word = [&] { return std::string(words[std::uniform_int_distribution<int>(0, 9)(random)]); };
  std::vector<Phrase> phrases;
  for (int i = std::uniform_int_distribution<int>(1, 20)(random); i > 0; --i)
    phrases.push_back({i % 3 ? word() : word() + " " + word(), float(i % 4 + 1)});
  return std::make_shared<PhraseTrie>(vocabulary, phrases);
}

static WindowOptions random_options(const Vocabulary& vocabulary, std::mt19937& random) {
  const bool multilingual = vocabulary.is_multilingual();
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const char* languages[] = {"", "en", "es", "de"};
  WindowOptions options;
  options.language = multilingual ? languages[pick(0, 3)] : "en";
  options.translate = multilingual && pick(0, 5) == 0;
  options.temperature = pick(0, 5) == 0 ? 0.4f : 0.0f;
  options.temperature_increment = pick(0, 3) == 0 ? 0.5f : 0.0f;
  options.beam_size = pick(0, 1) ? 1 : pick(2, 5);
  options.best_of = pick(1, 5);
  options.patience = pick(0, 3) == 0 ? 2.0f : 1.0f;
  options.length_penalty = pick(0, 3) == 0 ? 0.6f : -1.0f;
  if (pick(0, 5) == 0) options.suppress_tokens = {kNonSpeech, 1000};
  if (pick(0, 3) == 0) options.prompt = "one two, and so my fellow Americans";
  if (pick(0, 15) == 0)
    for (int i = 0; i < 300; ++i) options.prompt += " seven";  // longer than the decoder can take
  if (pick(0, 2) == 0) options.phrases = random_phrases(vocabulary, random);
  if (pick(0, 2) == 0) options.tail_ms = 500 * pick(0, 10);
  options.word_times = pick(0, 1);
  options.timestamps = pick(0, 4) != 0;
  return options;
}

static Case random_case(size_t samples, int longest, int count, const Vocabulary& vocabulary, std::mt19937& random) {
  const auto pick = [&](size_t low, size_t high) { return std::uniform_int_distribution<size_t>(low, high)(random); };
  Case c;
  const size_t seconds = pick(0, 3) == 0 ? longest : std::max(1, longest / 4);
  c.span.count = std::min(samples, pick(8000, kSampleRate * seconds));
  c.span.start = pick(0, samples - c.span.count);
  c.options = random_options(vocabulary, random);
  c.urgent = pick(0, 19) == 0;
  if (pick(0, 5) == 0) c.abort_after = int(pick(0, 3));
  if (pick(0, 3) == 0) c.abort_at = int(pick(0, 3 * count));
  return c;
}

static std::vector<Outcome> run_together(Engine& engine, const std::vector<float>& pcm, const std::vector<Case>& cases) {
  Canceller canceller(engine);
  std::vector<std::shared_ptr<Job>> jobs;
  for (const Case& c : cases) {
    auto job = make_job(pcm, c.span, c.options);
    job->urgent = c.urgent;
    job->cancelled = c.abort_after == 0;
    job->on_progress = [&canceller, raw = job.get(), after = c.abort_after, reports = 0, progress = 0.0f](float now) mutable {
      SOTTO_CHECK(now >= progress && now <= 1);
      progress = now;
      if (++reports == after) raw->cancelled = true;
      canceller.report();
    };
    if (c.abort_at >= 0) canceller.add(c.abort_at, job);
    jobs.push_back(std::move(job));
  }
  canceller.start();
  return run_jobs(engine, jobs);
}

static void print_times(const char* what, const StageTimes& now, const StageTimes& before) {
  std::printf("%s: mel %.1f, encode %.1f, decode %.1f, align %.1f s\n", what, (now.mel_ms - before.mel_ms) / 1000,
              (now.encode_ms - before.encode_ms) / 1000, (now.decode_ms - before.decode_ms) / 1000,
              (now.align_ms - before.align_ms) / 1000);
}

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const std::vector<float> pcm = read_wav(arguments.text("wav", ""));
  Engine::Created created = Engine::create(arguments.engine());
  if (!created.engine) return std::fprintf(stderr, "%s\n", created.error.c_str()), 1;
  Engine& engine = *created.engine;
  std::mt19937 random(unsigned(arguments.number("seed", 1)));
  const int count = int(arguments.number("count", 200)), longest = int(arguments.number("seconds", 30));
  std::vector<Case> cases;
  for (int i = 0; i < count; ++i) cases.push_back(random_case(pcm.size(), longest, count, engine.model().vocabulary, random));

  const std::vector<Outcome> together = run_together(engine, pcm, cases);
  const StageTimes batched = engine.stage_times();
  size_t cancelled = 0, differing = 0, tokens = 0;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (together[i].status == Status::cancelled) {
      SOTTO_CHECK(cases[i].may_be_cancelled());
      ++cancelled;
      continue;
    }
    const Outcome alone = run_jobs(engine, {make_job(pcm, cases[i].span, cases[i].options)})[0];
    SOTTO_CHECK(alone.status == Status::ok);
    for (const Segment& segment : alone.result.segments) tokens += segment.tokens.size();
    if (same_outcome(together[i], alone, float(arguments.number("tolerance", 0)))) continue;
    ++differing;
    std::printf("window %zu\n  together %s\n  alone    %s\n", i, detail(together[i].result).c_str(), detail(alone.result).c_str());
  }
  print_times("together", batched, {});
  print_times("alone", engine.stage_times(), batched);
  std::printf("%s backend: %zu windows, %zu cancelled, %zu differ, %zu tokens\n", engine.backend(), cases.size(), cancelled, differing,
              tokens);
  SOTTO_CHECK(differing == 0 && tokens > cases.size() && cancelled * 10 >= cases.size());
  return report("mixed_windows");
}
