// The jobs of an engine: those that wait for a slot, and those that have one.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "job.h"

namespace sotto::whisper {

/** A job is waiting -> taken -> released. Every function may be called from any thread. */
class JobQueue {
 public:
  void add(std::shared_ptr<Job> job);
  /** @returns whether the job still waited; it waits no more and is the caller's to end. */
  bool withdraw(const std::shared_ptr<Job>& job);
  /** Sleeps while nothing waits and nothing is taken. @returns false once the queue is closed. */
  bool wait_for_work();
  /** In order of arrival, urgent ones first. @returns null when none waits, only others than `urgent_only` asks for, or it is closed. */
  std::shared_ptr<Job> take(bool urgent_only);
  void release(const std::shared_ptr<Job>& job);
  /** Nothing is taken from now on; what is taken already is told that it is cancelled. */
  void close();
  /** Everything that waits, which is the caller's to end. */
  std::deque<std::shared_ptr<Job>> withdraw_all();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Job>> waiting_;
  std::vector<std::shared_ptr<Job>> taken_;
  bool closed_ = false;
};

}  // namespace sotto::whisper
