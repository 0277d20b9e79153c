// The engine's edges: wrong models, wrong options, too little audio, shutdown with windows under way.
//   engine_test --model=M --wav=W
#include <fstream>
#include <iterator>

#include "arguments.h"
#include "check.h"
#include "many_windows.h"
#include "same_outcome.h"

using namespace sotto;
using namespace sotto::whisper;

static std::string write_file(const std::string& bytes) {
  const std::string path = "engine_test.bin";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

static void check_models(EngineOptions options) {
  std::ifstream file(options.model_path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto refuses = [&](const std::string& content) {
    options.model_path = write_file(content);
    const Engine::Created created = Engine::create(options);
    SOTTO_CHECK(!created.engine && !created.error.empty());
  };
  refuses("");
  refuses("not a model");
  for (const size_t length : {size_t(4), size_t(40), size_t(1000), bytes.size() / 3, bytes.size() - 1}) refuses(bytes.substr(0, length));
  refuses(bytes + "x");
  for (size_t at = 4; at < 48; at += 4) {  // each number of the header in turn
    std::string damaged = bytes.substr(0, bytes.size() / 4);
    damaged[at + 3] ^= 0x7f;
    refuses(damaged);
  }
  std::remove("engine_test.bin");
  options.model_path = "no/such/file";
  SOTTO_CHECK(!Engine::create(options).engine);
}

static void check_options(Engine& engine, const std::vector<float>& pcm, const WindowOptions& good) {
  const auto outcome = [&](size_t count, auto change) {
    std::vector<float> longer = pcm;
    longer.resize(count, 0.0f);
    WindowOptions options = good;
    change(options);
    return run_jobs(engine, {make_job(longer, {0, count}, options)})[0];
  };
  const auto nothing = [](WindowOptions&) {};
  for (const size_t count : {0, 1, 100, 1599, 16000}) SOTTO_CHECK(outcome(count, nothing).status == Status::ok);
  SOTTO_CHECK(outcome(16000 * 30 + 1, nothing).status == Status::failed);
  SOTTO_CHECK(outcome(16000, [](WindowOptions& o) { o.language = "xx"; }).status == Status::failed);
  SOTTO_CHECK(outcome(16000, [](WindowOptions& o) { o.beam_size = 100; }).status == Status::failed);
  SOTTO_CHECK(outcome(16000, [](WindowOptions& o) { o.best_of = 100; }).status == Status::failed);
  SOTTO_CHECK(outcome(16000, [](WindowOptions& o) { o.beam_size = -3; }).status == Status::ok);
}

static void check_noise(Engine& engine, const WindowOptions& options) {
  std::vector<float> silence(16000 * 30, 0.0f), wrong(16000 * 2, NAN);
  for (const auto& pcm : {silence, wrong}) SOTTO_CHECK(run_jobs(engine, {make_job(pcm, {0, pcm.size()}, options)})[0].status == Status::ok);
}

static void check_segments(Engine& engine, const std::vector<float>& pcm, WindowOptions options) {
  options.word_times = true;
  std::vector<Segment> streamed;
  const size_t count = std::min(pcm.size(), size_t(16000 * 30));
  auto job = make_job(pcm, {0, count}, options);
  job->on_segment = [&](const Segment& segment) { streamed.push_back(segment); };
  const Outcome outcome = run_jobs(engine, {job})[0];
  SOTTO_CHECK(outcome.status == Status::ok && !streamed.empty() && streamed.size() == outcome.result.segments.size());
  int last = 0;
  for (size_t i = 0; i < streamed.size(); ++i) {
    SOTTO_CHECK(same_segment(streamed[i], outcome.result.segments[i], 0));
    SOTTO_CHECK(streamed[i].start_ms >= last && streamed[i].end_ms >= streamed[i].start_ms);
    SOTTO_CHECK(streamed[i].end_ms <= int(count / 16));
    last = streamed[i].end_ms;
    for (const Token& token : streamed[i].tokens) {
      SOTTO_CHECK(token.start_ms >= 0 && token.end_ms >= token.start_ms && token.end_ms <= 30000);
      SOTTO_CHECK(token.p > 0 && token.p <= 1.0001f && !token.bytes.empty());
    }
  }
}

static void check_detection(Engine& engine, const std::vector<float>& pcm, const WindowOptions& options) {
  auto job = make_job(pcm, {0, std::min(pcm.size(), size_t(16000 * 10))}, options);
  job->kind = JobKind::detect_language;
  const Outcome outcome = run_jobs(engine, {job})[0];
  SOTTO_CHECK(outcome.status == Status::ok && outcome.result.segments.empty() && !outcome.result.language.empty());
  float sum = 0;
  for (const auto& entry : outcome.result.language_probabilities) sum += entry.second;
  const bool multilingual = engine.model().vocabulary.is_multilingual();
  SOTTO_CHECK(multilingual ? sum > 0.999f && sum < 1.001f : outcome.result.language_probabilities.empty());
}

// Destroying the engine cancels what is in a slot and what waits; each job is told exactly once.
static void check_shutdown(const Arguments& arguments, const std::vector<float>& pcm) {
  Engine::Created created = Engine::create(arguments.engine());
  std::atomic<int> done{0}, cancelled{0};
  std::atomic<bool> begun{false};
  const int count = 2 * created.engine->options().slots;
  std::vector<std::shared_ptr<Job>> jobs;
  for (int i = 0; i < count; ++i) {
    jobs.push_back(make_job(pcm, {0, std::min(pcm.size(), size_t(16000 * 30))}, arguments.window()));
    jobs.back()->on_progress = [&](float) { begun = true; };
    jobs.back()->done = [&](Status status, WindowResult&&, const std::string&, double) {
      ++done;
      if (status == Status::cancelled) ++cancelled;
    };
    created.engine->submit(jobs.back());
  }
  created.engine->cancel(jobs.back());  // it waits: done at once
  SOTTO_CHECK(done == 1 && cancelled == 1);
  while (!begun) std::this_thread::yield();
  created.engine.reset();
  SOTTO_CHECK(done == count && cancelled > 1);
}

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  const std::vector<float> pcm = read_wav(arguments.text("wav", ""));
  check_models(arguments.engine());
  {
    Engine::Created created = Engine::create(arguments.engine());
    SOTTO_CHECK(created.engine != nullptr);
    if (!created.engine) return report("engine_test");
    check_options(*created.engine, pcm, arguments.window());
    check_noise(*created.engine, arguments.window());
    check_segments(*created.engine, pcm, arguments.window());
    check_detection(*created.engine, pcm, arguments.window());
  }
  check_shutdown(arguments, pcm);
  return report("engine_test");
}
