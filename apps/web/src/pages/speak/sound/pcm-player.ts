/** Before the first sound is heard, so that the second stretch is there in time. */
const LEAD_S = 0.05;
/** More is not taken from the service before it is needed: an hour of sound would fill the memory. */
const MOST_AHEAD_S = 30;
const LOOK_AGAIN_MS = 200;
const BYTES_PER_SAMPLE = 2;
const FULL_SCALE = 32_768;

/** A stretch that is heard without a gap. */
interface Stretch {
  /** By the clock of the sound card. */
  fromS: number;
  /** In the text. */
  atS: number;
  seconds: number;
}

/** Plays 16-bit samples as they come. playing <-> paused -> closed. Where the next ones are late, it is silent meanwhile. */
export class PcmPlayer {
  readonly #context: AudioContext;
  readonly #stretches: Stretch[] = [];
  #soundS = 0;
  /** The half of a sample. */
  #left = new Uint8Array(0);

  constructor(sampleRateHz: number) {
    this.#context = new AudioContext({ sampleRate: sampleRateHz });
  }

  /** Takes bytes however they are divided. Resolves when there is room for more. */
  async add(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const samples = this.#samplesOf(bytes);
    if (samples.length > 0) this.#schedule(samples);
    while (this.#aheadS > MOST_AHEAD_S && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** What is heard at this moment, in seconds of the text. */
  positionS(): number {
    const nowS = this.#context.currentTime;
    const heard = this.#stretches.findLast(({ fromS }) => fromS <= nowS);
    return heard === undefined ? 0 : heard.atS + Math.min(heard.seconds, nowS - heard.fromS);
  }

  /** Everything that came has been heard. */
  get isDrained(): boolean {
    return this.#aheadS <= 0;
  }

  async pause(): Promise<void> {
    await this.#context.suspend();
  }

  async goOn(): Promise<void> {
    await this.#context.resume();
  }

  async close(): Promise<void> {
    if (this.#context.state !== 'closed') await this.#context.close();
  }

  get #endS(): number {
    const last = this.#stretches.at(-1);
    return last === undefined ? 0 : last.fromS + last.seconds;
  }

  get #aheadS(): number {
    return this.#context.state === 'closed' ? 0 : this.#endS - this.#context.currentTime;
  }

  #schedule(samples: Float32Array<ArrayBuffer>): void {
    const { sampleRate, currentTime, destination } = this.#context;
    const buffer = this.#context.createBuffer(1, samples.length, sampleRate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(destination);
    const last = this.#stretches.at(-1);
    const isLate = last === undefined || this.#endS < currentTime;
    const fromS = isLate ? currentTime + LEAD_S : this.#endS;
    source.start(fromS);
    if (isLate) this.#stretches.push({ fromS, atS: this.#soundS, seconds: buffer.duration });
    else last.seconds += buffer.duration;
    this.#soundS += buffer.duration;
  }

  #samplesOf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#left.length + bytes.length);
    whole.set(this.#left);
    whole.set(bytes, this.#left.length);
    const count = Math.floor(whole.length / BYTES_PER_SAMPLE);
    this.#left = whole.slice(count * BYTES_PER_SAMPLE);
    const view = new DataView(whole.buffer);
    return Float32Array.from(
      { length: count },
      (_, index) => view.getInt16(index * BYTES_PER_SAMPLE, true) / FULL_SCALE,
    );
  }
}
