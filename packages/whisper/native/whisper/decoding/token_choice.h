// One sampled token with what is known about it.
#pragma once
#include "model/vocabulary.h"

namespace sotto::whisper {

struct TokenChoice {
  TokenId id = 0;
  float logprob = 0;  // after temperature and rules, over all tokens the rules left
  TokenId time = 0;   // the token itself if it is a time, else the likeliest allowed time; 0: none allowed
};

}  // namespace sotto::whisper
