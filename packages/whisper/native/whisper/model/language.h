// Language codes as Whisper numbers them: index i is the token sot + 1 + i.
#pragma once
#include <string>

namespace sotto::whisper {

/** @returns 0..99, or -1 for an unknown code. */
int language_index(const std::string& code);
/** @param index 0..99 */
std::string language_code(int index);

}  // namespace sotto::whisper
