// Sends windows to an engine from as many threads as it has rows, as the addon does.
#pragma once
#include <atomic>
#include <thread>
#include <vector>

#include "batch_engine.h"
#include "wav.h"

namespace sotto::batch {

inline std::vector<Outcome> transcribe_all(BatchEngine& engine, const std::vector<float>& pcm, const std::vector<Span>& spans,
                                           const WindowOptions& options, int callers) {
  std::vector<Outcome> outcomes(spans.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i; (i = next.fetch_add(1)) < spans.size();)
      outcomes[i] = engine.transcribe(pcm.data() + spans[i].start, spans[i].count, options, {});
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

}  // namespace sotto::batch
