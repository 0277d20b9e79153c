import { setTimeout as pause } from 'node:timers/promises';
import { SottoError } from '@sotto/contracts';
import type { ClaimedSession, LiveRecording, ResumableUploads } from '@sotto/queue';
import type { BlobStore } from '@sotto/storage';
import { BYTES_PER_MS, pcmBytes, SAMPLES_PER_MS } from '../media/pcm.ts';

/** What waits in memory, and in Redis, until it is stored. */
const PART_MS = 10_000;
/** Storage may be away. */
const RETRY_MS = 1_000;

export interface RecorderDeps {
  uploads: Pick<ResumableUploads, 'append' | 'find'>;
  blobs: BlobStore;
  /** It is tried again. */
  onError(error: unknown): void;
}

/**
 * Stores what is heard of a session, as the parts of an upload, each durable before it counts. A part counts at its place
 * only, and everybody who hears the session has the same samples: so whoever was first has stored them for all.
 */
export class SessionRecorder {
  readonly #session: Pick<ClaimedSession, 'id' | 'keyId'>;
  readonly #recording: LiveRecording;
  readonly #deps: RecorderDeps;
  readonly #signal: AbortSignal;
  /** Behind what is stored. */
  #waiting: Int16Array[] = [];
  #waitingMs = 0;
  #storedMs: number;
  #storing: Promise<void> | null = null;
  #isFull = false;
  #isGone = false;
  #failure: unknown = null;

  /** @param signal when it aborts, nothing more is stored: somebody else goes on */
  constructor(session: ClaimedSession & { recording: LiveRecording }, signal: AbortSignal, deps: RecorderDeps) {
    this.#session = session;
    this.#recording = session.recording;
    this.#deps = deps;
    this.#signal = signal;
    this.#storedMs = session.storedBytes / BYTES_PER_MS;
  }

  /** From the beginning of the session; what comes after it is still needed. */
  get storedMs(): number {
    return this.#isGone ? Number.POSITIVE_INFINITY : this.#storedMs;
  }

  /** Something of the session is there to become a job. */
  get hasAudio(): boolean {
    return !this.#isGone && this.#storedMs > 0;
  }

  /** Why the session must end; null: it need not. */
  get limit(): 'too_long' | 'quota' | null {
    if (this.#isFull) return 'quota';
    return this.#endMs >= this.#recording.maxMs ? 'too_long' : null;
  }

  /**
   * @param fromMs of the first sample; what it has already is left out
   * @throws Error when Redis does not know what was stored: whoever claims the session goes on from what it knows
   */
  push(fromMs: number, pcm: Int16Array): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#isGone) return;
    const more = pcm.slice(Math.max(0, (this.#endMs - fromMs) * SAMPLES_PER_MS));
    if (more.length === 0) return;
    this.#waiting.push(more);
    this.#waitingMs += more.length / SAMPLES_PER_MS;
    if (this.#waitingMs >= PART_MS) this.#storing ??= this.#storeInBackground();
  }

  /** Resolves when everything is stored, however long storage is away, or the signal has aborted. @throws as push */
  async finish(): Promise<void> {
    await this.#storing;
    while (this.#waitingMs > 0 && !this.#signal.aborted) await this.#tryToStore();
    if (this.#failure !== null) throw this.#failure;
  }

  get #endMs(): number {
    return this.#storedMs + this.#waitingMs;
  }

  /** Never rejects. */
  async #storeInBackground(): Promise<void> {
    while (this.#waitingMs >= PART_MS && !this.#signal.aborted && this.#failure === null) await this.#tryToStore();
    this.#storing = null;
  }

  /** Never rejects. */
  async #tryToStore(): Promise<void> {
    try {
      await this.#store(this.#waiting.map(pcmBytes));
    } catch (error) {
      this.#deps.onError(error);
      await pause(RETRY_MS, null, { signal: this.#signal }).catch(() => {});
    }
  }

  async #store(samples: readonly Uint8Array[]): Promise<void> {
    const part = await this.#write(samples);
    const outcome = await this.#append(part);
    if (typeof outcome === 'object') return this.#stored(outcome.offset);
    await this.#deps.blobs.delete(part.blobKey);
    const upload = outcome === 'conflict' ? await this.#deps.uploads.find(this.#session.id) : null;
    if (upload !== null) return this.#stored(upload.offset);
    // Redis has lost it: what is said is heard all the same.
    this.#isGone = true;
    this.#waiting = [];
    this.#waitingMs = 0;
  }

  async #write(samples: readonly Uint8Array[]) {
    const writer = await this.#deps.blobs.createWriter('uploads');
    try {
      for (const chunk of samples) await writer.write(chunk);
      const { key: blobKey, bytes } = await writer.commit();
      return { blobKey, bytes };
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  /** The last part counts although its key holds enough: its audio was taken. */
  async #append(part: { blobKey: string; bytes: number }) {
    const { keepMs, maxHeldBytes } = this.#recording;
    const append = (limits: { heldBytes: number | null } | null) =>
      this.#deps.uploads.append(this.#session, this.#storedMs * BYTES_PER_MS, part, keepMs, limits);
    try {
      return await append(this.#isFull ? null : { heldBytes: maxHeldBytes });
    } catch (error) {
      if (!(error instanceof SottoError) || error.code !== 'key_full') throw error;
      this.#isFull = true;
      return append(null);
    }
  }

  /** So much is stored now, by this worker or another. */
  #stored(bytes: number): void {
    const storedMs = bytes / BYTES_PER_MS;
    if (storedMs < this.#storedMs) {
      this.#failure = new Error('Redis has lost what was stored last');
      this.#waitingMs = 0;
      return;
    }
    let known = (storedMs - this.#storedMs) * SAMPLES_PER_MS;
    this.#waiting = this.#waiting.flatMap((pcm) => {
      const rest = pcm.subarray(Math.min(known, pcm.length));
      known -= pcm.length - rest.length;
      return rest.length === 0 ? [] : [rest];
    });
    this.#waitingMs = this.#waiting.reduce((sum, pcm) => sum + pcm.length / SAMPLES_PER_MS, 0);
    this.#storedMs = storedMs;
  }
}
