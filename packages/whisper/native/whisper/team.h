// A fixed team of threads that goes through one piece of work together, with barriers in between.
//
// Waiting spins for some microseconds and then sleeps. OpenMP's barriers spin for milliseconds by default, which costs
// up to 14 times the time when another process wants the same cores.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::whisper {

class Team {
 public:
  /** @param size threads, the caller included */
  explicit Team(int size);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int size() const { return size_; }
  /** Runs work(member) on every member, 0 being the caller; returns when all have returned. `work` must not throw. */
  void run(const std::function<void(int)>& work);
  /** Inside work: goes on when all members are here. */
  void barrier();
  /** Runs work(0) to work(count - 1), each once, on whichever member is free; returns when all are done. `work` must not throw. */
  void each(size_t count, const std::function<void(size_t)>& work);

 private:
  void member(int index);
  template <typename Ready>
  void wait_until(Ready ready);
  void wake();

  const int size_;
  std::vector<std::thread> threads_;
  std::atomic<unsigned> round_{0};    // of run()
  std::atomic<unsigned> passed_{0};   // barriers passed
  std::atomic<int> arrived_{0};       // members at the barrier
  std::atomic<bool> stopping_{false};
  const std::function<void(int)>* work_ = nullptr;
  std::mutex mutex_;
  int sleepers_ = 0;  // under the mutex
  std::condition_variable changed_;
};

}  // namespace sotto::whisper
