// A text that is known beforehand, as a segment whose tokens are to be found in the audio.
#pragma once
#include <string>

#include "model/model.h"
#include "window.h"

namespace sotto::whisper {

/**
 * Words are cut at spaces, each into the tokens that the model was trained on; a space is needed before none.
 * @throws std::invalid_argument there is nothing in it, or more than the decoder's positions hold
 */
Segment given_segment(const Model& model, const std::string& text);

/** Sets the segment's own times and mean, once its tokens have theirs. */
void close_given(Segment& segment);

}  // namespace sotto::whisper
