/** A stretch of speech, in samples. */
export interface SampleSpan {
  from: number;
  to: number;
}

export interface SegmenterOptions {
  /** Samples that one probability is of. */
  stepSamples: number;
  /** Above it somebody speaks. Who is speaking goes on down to `hysteresis` below it. */
  threshold: number;
  hysteresis: number;
  minSpeechSamples: number;
  /** A pause shorter than this is none. */
  minSilenceSamples: number;
  /** What was said before the detector is sure belongs to the segment, and so much more. */
  leadSamples: number;
  /** Talk longer than this is ended at its next weak spot: below this threshold, for so long. */
  maxSpeechSamples: number;
  weak: { threshold: number; minSilenceSamples: number };
}

/**
 * Segments of speech out of how likely it is, step by step, that somebody speaks: the rules of sherpa-onnx's voice activity
 * detector (k2-fsa/sherpa-onnx, voice-activity-detector.cc and silero-vad-model.cc), which is Silero's own with a lead.
 *
 * silence -> doubt (likely, not yet for long enough) -> speech <-> pause (unlikely, not yet for long enough) -> silence
 */
export class Segmenter {
  readonly #options: SegmenterOptions;
  #samples = 0;
  /** Nothing before it can be part of a segment that is still to come. */
  #head = 0;
  /** Of the segment that is open. */
  #from: number | null = null;
  #likelySince: number | null = null;
  #unlikelySince: number | null = null;
  #isSpeech = false;

  constructor(options: SegmenterOptions) {
    this.#options = options;
  }

  /** @returns the segments that ended */
  accept(probabilities: Float32Array): SampleSpan[] {
    const ended: SampleSpan[] = [];
    for (const probability of probabilities) {
      const segment = this.#step(probability);
      if (segment !== null) ended.push(segment);
    }
    return ended;
  }

  /** @returns the segment in which the recording ends, if it ends in one */
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

  /** Whether this step is part of speech. */
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
