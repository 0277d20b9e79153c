// The sizes of Silero VAD v5 and v6 at 16 kHz (snakers4/silero-vad), all in one place.
#pragma once

namespace sotto::silero {

constexpr int kStep = 512;               // new samples of a window: 32 ms
constexpr int kAhead = 64;               // a window also hears the first samples of the next
constexpr int kHeard = kStep + kAhead;   // ... which is what it is made of,
constexpr int kPadded = kHeard + kAhead; // mirrored at its end

constexpr int kFrame = 256;              // samples of a short-time spectrum
constexpr int kHop = 128;
constexpr int kFrames = 4;               // of a window
constexpr int kBins = kFrame / 2 + 1;

constexpr int kWide = 128;               // channels of the first and the last convolution, and of the memory
constexpr int kNarrow = 64;              // of the two between
constexpr int kTaps = 3;
constexpr int kGates = 4 * kWide;        // input, forget, cell, output

constexpr int kTileRows = 6;             // rows of a product that are computed together
constexpr int kBlock = 4 * kTileRows;    // windows that go through the network together

}  // namespace sotto::silero
