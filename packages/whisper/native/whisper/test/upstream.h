// whisper.cpp's own answer for one window, in our structs: the reference of the comparisons.
#pragma once
#include "whisper.h"
#include "window.h"

namespace sotto::whisper {

WindowResult upstream_transcribe(whisper_context* model, const float* samples, size_t count, const WindowOptions& options);

std::string text_of(const WindowResult& result);
/** Text with a time before and after each segment. */
std::string timed_text_of(const WindowResult& result);

}  // namespace sotto::whisper
