import { LIVE_ENCODINGS, type LiveFormat } from '@sotto/contracts';
import { SAMPLE_RATE, SAMPLES_PER_MS, toPcm16 } from '../media/pcm.ts';
import { Resampler } from '../media/resampler.ts';
import { decodeSamples } from './companding.ts';

/** Whole samples at every rate of LIVE_RATES. */
const STEP_MS = 40;
/** Longer than the filter of any conversion: what it does to its beginning is not used. */
const WARM_UP_MS = 80;

/** Where a session's audio must be kept from, to be heard from a moment on. */
export function firstSample({ sampleRate }: LiveFormat, fromMs: number): number {
  return (warmUpFrom(sampleRate, fromMs) * sampleRate) / 1_000;
}

/**
 * Samples as a client sends them to 16 kHz. The same from wherever it begins: the number of an output sample is that of the
 * session, and it begins earlier by as much as its filter needs.
 */
export class SessionAudio {
  readonly #format: LiveFormat;
  readonly #resampler: Resampler | null;
  /** Number of the next sample that it takes. */
  #at: number;
  /** Output samples that are not wanted. */
  #skipped: number;
  /** Less than a millisecond. */
  #rest = new Int16Array(0);

  /** @param fromMs the first millisecond that comes out */
  constructor(format: LiveFormat, fromMs: number) {
    const { sampleRate } = format;
    this.#format = format;
    this.#resampler = sampleRate === SAMPLE_RATE ? null : new Resampler(sampleRate, SAMPLE_RATE);
    this.#at = firstSample(format, fromMs);
    this.#skipped = (fromMs - warmUpFrom(sampleRate, fromMs)) * SAMPLES_PER_MS;
  }

  /** Number of the next sample that it takes, at the rate of the session. */
  get at(): number {
    return this.#at;
  }

  /** @param at number of the first sample; what it has taken already is left out. @returns whole milliseconds */
  push(at: number, bytes: Buffer): Int16Array {
    const known = Math.max(0, this.#at - at) * LIVE_ENCODINGS[this.#format.encoding];
    const samples = decodeSamples(this.#format.encoding, bytes.subarray(known));
    this.#at += samples.length;
    return this.#whole(this.#resampler === null ? samples : toPcm16(this.#resampler.push(floatsOf(samples))));
  }

  /** The end of the session: what the filter still holds. */
  flush(): Int16Array {
    return this.#resampler === null ? new Int16Array(0) : this.#whole(toPcm16(this.#resampler.flush()));
  }

  #whole(pcm: Int16Array): Int16Array {
    const unwanted = Math.min(this.#skipped, pcm.length);
    this.#skipped -= unwanted;
    const joined = new Int16Array(this.#rest.length + pcm.length - unwanted);
    joined.set(this.#rest);
    joined.set(pcm.subarray(unwanted), this.#rest.length);
    const whole = joined.length - (joined.length % SAMPLES_PER_MS);
    this.#rest = joined.slice(whole);
    return joined.subarray(0, whole);
  }
}

function warmUpFrom(sampleRate: number, fromMs: number): number {
  const needed = sampleRate === SAMPLE_RATE ? fromMs : fromMs - WARM_UP_MS;
  return sampleRate === SAMPLE_RATE ? needed : Math.max(0, Math.floor(needed / STEP_MS) * STEP_MS);
}

const floatsOf = (samples: Int16Array): Float32Array => Float32Array.from(samples, (sample) => sample / 32_768);
