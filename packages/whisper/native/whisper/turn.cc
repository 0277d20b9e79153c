#include "turn.h"

#include "stage_times.h"

namespace sotto::whisper {
namespace {

/** Where the results of each turn's rows begin. */
struct Place {
  float* logits;
  const float* attention;
};

std::vector<Place> places_of(const std::vector<Turn>& turns, const std::vector<Row>& rows, const RowResults& results,
                             size_t attention_size) {
  std::vector<Place> places;
  Place next{results.logits, results.attention.data()};
  for (const Turn& turn : turns) {
    places.push_back(next);
    for (size_t r = turn.first; r < turn.end; ++r) {
      if (rows[r].wants_logits) next.logits += results.stride;
      if (rows[r].wants_attention) next.attention += attention_size;
    }
  }
  return places;
}

}  // namespace

void accept_results(std::vector<Turn>& turns, const std::vector<Row>& rows, const RowResults& results, size_t attention_size, Team& team) {
  const std::vector<Place> places = places_of(turns, rows, results, attention_size);
  team.each(turns.size(), [&](size_t i) {
    Turn& turn = turns[i];
    const Stopwatch watch;
    try {
      turn.task->accept(places[i].logits, results.stride, places[i].attention);
    } catch (...) {
      turn.error = std::current_exception();
    }
    turn.accept_ms = watch.ms();
  });
}

std::vector<double> shares_of(const std::vector<Turn>& turns, double decode_ms, double accept_ms) {
  size_t rows = 0;
  double accepted_ms = 0;
  for (const Turn& turn : turns) {
    rows += turn.rows();
    accepted_ms += turn.accept_ms;
  }
  std::vector<double> shares;
  for (const Turn& turn : turns)
    shares.push_back(decode_ms * double(turn.rows()) / double(rows) + (accepted_ms > 0 ? accept_ms * turn.accept_ms / accepted_ms : 0));
  return shares;
}

}  // namespace sotto::whisper
