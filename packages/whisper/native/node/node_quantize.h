// quantize(type, halves, rowLength) for JavaScript: rows of float16 become blocks of ggml's q8_0, q5_0 or q5_1.
#pragma once

#include <napi.h>

namespace sotto {

// (type: string, halves: Uint16Array of whole rows, rowLength: number) -> Buffer. Throws a RangeError for what ggml would abort on.
Napi::Value quantize(const Napi::CallbackInfo& info);

}  // namespace sotto
