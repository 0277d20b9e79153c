#include "job_queue.h"

#include <algorithm>
#include <utility>

namespace sotto::whisper {

void JobQueue::add(std::shared_ptr<Job> job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  waiting_.push_back(std::move(job));
  changed_.notify_one();
}

bool JobQueue::withdraw(const std::shared_ptr<Job>& job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = std::find(waiting_.begin(), waiting_.end(), job);
  if (at == waiting_.end()) return false;
  waiting_.erase(at);
  return true;
}

bool JobQueue::wait_for_work() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !waiting_.empty() || !taken_.empty(); });
  return !closed_;
}

std::shared_ptr<Job> JobQueue::take(bool urgent_only) {
  const std::lock_guard<std::mutex> lock(mutex_);
  auto next = std::find_if(waiting_.begin(), waiting_.end(), [](const auto& job) { return job->urgent; });
  if (next == waiting_.end() && !urgent_only) next = waiting_.begin();
  if (closed_ || next == waiting_.end()) return nullptr;
  taken_.push_back(std::move(*next));
  waiting_.erase(next);
  return taken_.back();
}

void JobQueue::release(const std::shared_ptr<Job>& job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  taken_.erase(std::remove(taken_.begin(), taken_.end(), job), taken_.end());
}

void JobQueue::close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  for (const auto& job : taken_) job->cancelled = true;
  changed_.notify_all();
}

std::deque<std::shared_ptr<Job>> JobQueue::withdraw_all() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace sotto::whisper
