import type { LiveListening } from '@sotto/contracts';

/** What the probability of speech in one step covers. */
export const STEP_MS = 32;
/** Speech goes on down to so much below the threshold, as in Silero's own segmenter. */
const HYSTERESIS = 0.15;
/** Shorter sounds are no speech: a click, a knock. */
const MIN_SPEECH_MS = 96;

export interface EndpointerOptions {
  /** 0-1; speech is likelier than that. */
  threshold: number;
  /** So much before the first sound of speech belongs to it. */
  prefixMs: number;
}

/** `atMs`: of the session. Speech stops where its silence begins, not when that has lasted for long enough. */
export interface EndpointEvent {
  type: 'speech_started' | 'speech_stopped';
  atMs: number;
}

/**
 * Where utterances begin and end, from the probability that somebody speaks.
 *
 * silence -> doubt (likely, not yet for long enough) -> speech <-> pause (unlikely, not yet for long enough) -> silence
 */
export class Endpointer {
  readonly #options: EndpointerOptions;
  #atMs: number;
  /** Where the last utterance ended: the next one does not begin before. */
  #floorMs: number;
  #likelySinceMs: number | null;
  #unlikelySinceMs: number | null;
  #isSpeech: boolean;

  constructor(options: EndpointerOptions, from: LiveListening = listeningAt(0)) {
    this.#options = options;
    this.#atMs = from.atMs;
    this.#floorMs = from.floorMs;
    this.#likelySinceMs = from.likelySinceMs;
    this.#unlikelySinceMs = from.unlikelySinceMs;
    this.#isSpeech = from.isSpeech;
  }

  /** Where another one goes on. */
  get state(): LiveListening {
    return {
      atMs: this.#atMs,
      floorMs: this.#floorMs,
      likelySinceMs: this.#likelySinceMs,
      unlikelySinceMs: this.#unlikelySinceMs,
      isSpeech: this.#isSpeech,
    };
  }

  /** Somebody speaks, or has not been silent for long enough. */
  get isSpeech(): boolean {
    return this.#isSpeech;
  }

  /** How long a pause of the speech has lasted. */
  get pauseMs(): number {
    return this.#isSpeech && this.#unlikelySinceMs !== null ? this.#atMs - this.#unlikelySinceMs : 0;
  }

  /** @param silenceMs ends an utterance; it may be another each time, as the text so far says more or less is to come */
  accept(probabilities: ArrayLike<number>, silenceMs: number): EndpointEvent[] {
    const events: EndpointEvent[] = [];
    for (let index = 0; index < probabilities.length; index += 1) {
      const event = this.#step(probabilities[index] ?? 0, silenceMs);
      if (event !== null) events.push(event);
    }
    return events;
  }

  /** The client says that it is over. null: nobody spoke. */
  stop(): EndpointEvent | null {
    return this.#isSpeech ? this.#stopAt(this.#unlikelySinceMs ?? this.#atMs) : null;
  }

  #step(probability: number, silenceMs: number): EndpointEvent | null {
    const { threshold } = this.#options;
    const fromMs = this.#atMs;
    this.#atMs += STEP_MS;
    const isLikely = probability > (this.#isSpeech ? threshold - HYSTERESIS : threshold);
    if (!isLikely) {
      this.#likelySinceMs = null;
      if (!this.#isSpeech) return null;
      this.#unlikelySinceMs ??= fromMs;
      return this.#atMs - this.#unlikelySinceMs < silenceMs ? null : this.#stopAt(this.#unlikelySinceMs);
    }
    this.#unlikelySinceMs = null;
    if (this.#isSpeech) return null;
    this.#likelySinceMs ??= fromMs;
    if (this.#atMs - this.#likelySinceMs < MIN_SPEECH_MS) return null;
    this.#isSpeech = true;
    const atMs = Math.max(this.#floorMs, this.#likelySinceMs - this.#options.prefixMs);
    return { type: 'speech_started', atMs };
  }

  #stopAt(atMs: number): EndpointEvent {
    this.#isSpeech = false;
    this.#likelySinceMs = null;
    this.#unlikelySinceMs = null;
    this.#floorMs = atMs;
    return { type: 'speech_stopped', atMs };
  }
}

/** Beginning to listen there, while somebody speaks or not. */
export function listeningAt(atMs: number, isSpeech = false): LiveListening {
  return { atMs, floorMs: atMs, likelySinceMs: null, unlikelySinceMs: null, isSpeech };
}
