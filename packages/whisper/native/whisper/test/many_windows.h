// Windows through an engine, waiting for their outcomes.
#pragma once
#include <condition_variable>
#include <mutex>
#include <vector>

#include "engine.h"
#include "wav.h"

namespace sotto::whisper {

struct Outcome {
  Status status = Status::ok;
  WindowResult result;
  std::string error;
};

/** Submits all jobs at once and waits until each is done. */
inline std::vector<Outcome> run_jobs(Engine& engine, const std::vector<std::shared_ptr<Job>>& jobs) {
  std::vector<Outcome> outcomes(jobs.size());
  std::mutex mutex;
  std::condition_variable changed;
  size_t done = 0;
  for (size_t i = 0; i < jobs.size(); ++i)
    jobs[i]->done = [&, i](Status status, WindowResult&& result, const std::string& message, double) {
      const std::lock_guard<std::mutex> lock(mutex);
      outcomes[i] = {status, std::move(result), message};
      ++done;
      changed.notify_all();
    };
  for (const auto& job : jobs) engine.submit(job);
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return done == jobs.size(); });
  return outcomes;
}

inline std::shared_ptr<Job> make_job(const std::vector<float>& pcm, const Span& span, const WindowOptions& options) {
  auto job = std::make_shared<Job>();
  job->pcm.assign(pcm.begin() + span.start, pcm.begin() + span.start + span.count);
  job->options = options;
  return job;
}

inline std::vector<Outcome> transcribe_all(Engine& engine, const std::vector<float>& pcm, const std::vector<Span>& spans,
                                           const WindowOptions& options) {
  std::vector<std::shared_ptr<Job>> jobs;
  for (const Span& span : spans) jobs.push_back(make_job(pcm, span, options));
  return run_jobs(engine, jobs);
}

}  // namespace sotto::whisper
