#include "team.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace sotto::whisper {
namespace {

constexpr int kSpins = 1500;  // some 30 microseconds

void pause() {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_pause();
#endif
}

}  // namespace

Team::Team(int size) : size_(size) {
  for (int i = 1; i < size_; ++i) threads_.emplace_back([this, i] { member(i); });
}

Team::~Team() {
  stopping_ = true;
  wake();
  for (std::thread& thread : threads_) thread.join();
}

template <typename Ready>
void Team::wait_until(Ready ready) {
  for (int i = 0; i < kSpins; ++i) {
    if (ready()) return;
    pause();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  ++sleepers_;
  changed_.wait(lock, ready);
  --sleepers_;
}

// The state has changed before. A member sees that, or it has counted itself in by the time the mutex is ours.
void Team::wake() {
  bool asleep;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    asleep = sleepers_ > 0;
  }
  if (asleep) changed_.notify_all();
}

void Team::run(const std::function<void(int)>& work) {
  if (size_ == 1) return work(0);
  work_ = &work;
  ++round_;
  wake();
  work(0);
  barrier();
}

void Team::each(size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  const auto take = [&](int) {
    for (size_t i; (i = next++) < count;) work(i);
  };
  count > 1 ? run(take) : take(0);
}

void Team::member(int index) {
  unsigned seen = 0;
  while (true) {
    wait_until([&] { return round_ != seen || stopping_; });
    if (stopping_) return;
    seen = round_;
    (*work_)(index);
    barrier();
  }
}

void Team::barrier() {
  if (size_ == 1) return;
  const unsigned before = passed_;
  if (++arrived_ < size_) return wait_until([&] { return passed_ != before; });
  arrived_ = 0;
  ++passed_;
  wake();
}

}  // namespace sotto::whisper
