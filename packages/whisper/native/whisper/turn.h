// A window's part of one step.
#pragma once
#include <exception>
#include <vector>

#include "backend.h"
#include "team.h"
#include "window_task.h"

namespace sotto::whisper {

struct Turn {
  size_t slot;
  WindowTask* task;
  WindowTask::Stage stage;   // when the step began
  size_t first, end;         // its rows
  double accept_ms = 0;      // what its task took over their results
  std::exception_ptr error;  // of that
  size_t rows() const { return end - first; }
};

/** Gives every task the results of its rows, on all threads of the team: tasks share nothing that changes. */
void accept_results(std::vector<Turn>& turns, const std::vector<Row>& rows, const RowResults& results, size_t attention_size, Team& team);

/** How long each turn took, of a step whose turns may have been accepted at once: the decoder's time goes by rows. */
std::vector<double> shares_of(const std::vector<Turn>& turns, double decode_ms, double accept_ms);

}  // namespace sotto::whisper
