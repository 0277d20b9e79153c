/** A stretch of speech, in samples. */
export interface SampleSpan {
  from: number;
  to: number;
}

export interface SegmenterOptions {
  /** How many samples one probability covers. */
  stepSamples: number;
  /** Speech begins above it, and goes on down to `hysteresis` below it. */
  threshold: number;
  hysteresis: number;
  minSpeechSamples: number;
  /** Shorter pauses are part of the speech. */
  minSilenceSamples: number;
  /** A segment begins where the detector's doubt began, and this much earlier. */
  leadSamples: number;
  /** Speech longer than this ends at its next weak spot: below this threshold for this long. */
  maxSpeechSamples: number;
  weak: { threshold: number; minSilenceSamples: number };
}

/**
 * Makes segments out of the probability of speech at each step, by the rules of sherpa-onnx's voice activity
 * detector (k2-fsa/sherpa-onnx, voice-activity-detector.cc and silero-vad-model.cc), which is Silero's own with a lead.
 *
 * silence -> doubt (likely, not yet for long enough) -> speech <-> pause (unlikely, not yet for long enough) -> silence
 */
export class Segmenter {
  readonly #options: SegmenterOptions;
  #samples = 0;
  /** No later segment can begin before it. */
  #head = 0;
  /** Where the open segment began. */
  #from: number | null = null;
  #likelySince: number | null = null;
  #unlikelySince: number | null = null;
  #isSpeech = false;

  constructor(options: SegmenterOptions) {
    this.#options = options;
  }

  /** @returns the segments that ended with it */
  accept(probabilities: Float32Array): SampleSpan[] {
    const ended: SampleSpan[] = [];
    for (const probability of probabilities) {
      const segment = this.#step(probability);
      if (segment !== null) ended.push(segment);
    }
    return ended;
  }

  /** @returns the segment that is still open at the end of the recording */
  finish(): SampleSpan[] {
    return this.#from === null ? [] : [{ from: this.#from, to: this.#samples }];
  }

  #step(probability: number): SampleSpan | null {
    const { stepSamples, leadSamples, minSpeechSamples, maxSpeechSamples, weak } = this.#options;
    const isLong = this.#samples - this.#head > maxSpeechSamples;
    const { threshold, minSilenceSamples } = isLong ? weak : this.#options;
    this.#samples += stepSamples;
    const goesOn = this.#hears(probability, Math.fround(threshold), minSilenceSamples);
    const earliest = this.#samples - leadSamples - minSpeechSamples;
    if (goesOn) {
      this.#from ??= Math.max(earliest, this.#head);
      return null;
    }
    const from = this.#from;
    this.#from = null;
    if (from === null) {
      this.#head = Math.max(earliest, this.#head);
      return null;
    }
    this.#head = this.#samples - minSilenceSamples;
    return { from, to: this.#head };
  }

  /** Whether this step counts as speech. */
  #hears(probability: number, threshold: number, minSilenceSamples: number): boolean {
    if (probability > threshold) {
      this.#unlikelySince = null;
      if (this.#likelySince === null) {
        this.#likelySince = this.#samples;
        return false;
      }
      this.#isSpeech ||= this.#samples - this.#likelySince >= this.#options.minSpeechSamples;
      return this.#isSpeech;
    }
    if (!this.#isSpeech) {
      if (probability < threshold) this.#likelySince = null;
      return false;
    }
    if (probability > threshold - this.#options.hysteresis) return true;
    this.#unlikelySince ??= this.#samples;
    if (this.#samples - this.#unlikelySince < minSilenceSamples) return true;
    this.#likelySince = null;
    this.#unlikelySince = null;
    this.#isSpeech = false;
    return false;
  }
}
