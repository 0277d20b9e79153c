import { SottoError } from '#wire';

/** Kept although they are acknowledged: a service that has lost its last seconds asks for them again. */
const KEPT_SAMPLES = 480_000;
/** Two minutes of the highest rate. */
const MOST_SAMPLES = 5_760_000;

type Item = { at: number; bytes: Uint8Array<ArrayBuffer> } | { at: number; text: string };

/**
 * What a live session is sent, in its order, until the service has it: audio under the number of its first sample, and what
 * is said between two samples.
 */
export class LiveOutbox {
  readonly #sampleBytes: number;
  #items: Item[] = [];
  /** Index of the next one that this connection gets. */
  #next = 0;
  #end: number;
  #acknowledged: number;
  /** Half a sample, which waits for its other half. */
  #rest = new Uint8Array(0);

  /** @param fromSample number of the first sample that will be added */
  constructor(sampleBytes: number, fromSample = 0) {
    this.#sampleBytes = sampleBytes;
    this.#end = fromSample;
    this.#acknowledged = fromSample;
  }

  /** How many the service has, as far as it has said so. */
  get acknowledgedSamples(): number {
    return this.#acknowledged;
  }

  get waitingSamples(): number {
    return this.#end - this.#acknowledged;
  }

  /** @throws RangeError when the service has not taken what was sent for two minutes */
  addAudio(bytes: Uint8Array): void {
    if (this.waitingSamples > MOST_SAMPLES) throw new RangeError('The service does not take the audio that was sent.');
    // Copied: the caller may use its buffer again.
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const samples = Math.floor(all.length / this.#sampleBytes);
    const whole = samples * this.#sampleBytes;
    this.#rest = all.slice(whole);
    if (samples === 0) return;
    // Whoever goes on with a session of another process may begin with what the service has already.
    const known = Math.max(0, Math.min(samples, this.#acknowledged - this.#end));
    if (known > 0) {
      const isAllSent = this.#next === this.#items.length;
      this.#push(all.slice(0, known * this.#sampleBytes));
      if (isAllSent) this.#next += 1;
    }
    if (known < samples) this.#push(all.slice(known * this.#sampleBytes, whole));
  }

  #push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#items.push({ at: this.#end, bytes });
    this.#end += bytes.length / this.#sampleBytes;
  }

  addMessage(text: string): void {
    this.#items.push({ at: this.#end, text });
  }

  /** null: all is sent. */
  next(): Uint8Array<ArrayBuffer> | string | null {
    const item = this.#items[this.#next];
    if (item === undefined) return null;
    this.#next += 1;
    return 'text' in item ? item.text : item.bytes;
  }

  acknowledge(samples: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, samples);
    const keptFrom = samples - KEPT_SAMPLES;
    let done = 0;
    for (const item of this.#items) {
      if (done >= this.#next || this.#endOf(item) >= keptFrom) break;
      done += 1;
    }
    this.#items.splice(0, done);
    this.#next -= done;
  }

  /**
   * Another connection: what the service does not have is sent again. What was said at that very place may be said twice.
   *
   * @throws SottoError `live_audio_missing` when it has lost more than is kept
   */
  rewind(samples: number): void {
    const oldest = this.#items[0]?.at ?? this.#end;
    if (samples < oldest) {
      throw new SottoError('live_audio_missing', `The service has ${samples} samples; those up to ${oldest} are gone.`);
    }
    this.#acknowledged = samples;
    const first = this.#items.findIndex((item) => ('text' in item ? item.at >= samples : this.#endOf(item) > samples));
    this.#next = first < 0 ? this.#items.length : first;
    const item = this.#items[this.#next];
    if (item === undefined || 'text' in item || item.at >= samples) return;
    // Of this one it has the beginning.
    const known = (samples - item.at) * this.#sampleBytes;
    const halves = [
      { at: item.at, bytes: item.bytes.slice(0, known) },
      { at: samples, bytes: item.bytes.slice(known) },
    ];
    this.#items.splice(this.#next, 1, ...halves);
    this.#next += 1;
  }

  #endOf(item: Item): number {
    return 'text' in item ? item.at : item.at + item.bytes.length / this.#sampleBytes;
  }
}
