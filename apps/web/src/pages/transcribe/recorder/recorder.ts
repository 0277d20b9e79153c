import { Loudness } from '../../../sound/loudness.ts';
import { database, type StoredRecording } from '../../../storage/database.ts';
import { heldInBrowser, holdInBrowser } from '../../../storage/lock.ts';

/** What a lost tab can cost. */
const CHUNK_MS = 1_000;
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/**
 * A recording from the microphone: recording <-> paused -> finished. Each second is in IndexedDB before the next one ends,
 * so that a closed tab costs no more than that.
 */
export class Recorder {
  readonly recording: StoredRecording;
  readonly #stream: MediaStream;
  readonly #media: MediaRecorder;
  readonly #context: AudioContext;
  readonly #loudness: Loudness;
  #chunks = 0;
  #written: Promise<unknown> = Promise.resolve();
  #recordedMs = 0;
  readonly #letGo: () => void;
  #resumedAtMs = performance.now();

  private constructor(recording: StoredRecording, stream: MediaStream, media: MediaRecorder) {
    this.recording = recording;
    this.#stream = stream;
    this.#media = media;
    this.#letGo = holdInBrowser(lockOf(recording));
    this.#context = new AudioContext();
    this.#loudness = new Loudness(this.#context.createMediaStreamSource(stream));
    media.ondataavailable = ({ data }) => {
      if (data.size > 0) this.#written = this.#written.then(() => this.#write(data));
    };
  }

  /** @throws DOMException `NotAllowedError` where the microphone is refused, `NotFoundError` where there is none. */
  static async start(): Promise<Recorder> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
    const media = new MediaRecorder(stream, mimeType === '' ? {} : { mimeType });
    const recording = { id: String(Date.now()), startedAtMs: Date.now(), mimeType: media.mimeType || mimeType };
    await (await database()).put('recordings', recording);
    const recorder = new Recorder(recording, stream, media);
    media.start(CHUNK_MS);
    return recorder;
  }

  get isPaused(): boolean {
    return this.#media.state === 'paused';
  }

  get recordedMs(): number {
    return this.#recordedMs + (this.isPaused ? 0 : performance.now() - this.#resumedAtMs);
  }

  /** Loudest sample of the last moment, 0 to 1. */
  level(): number {
    return this.#loudness.level();
  }

  pause(): void {
    this.#recordedMs = this.recordedMs;
    this.#media.pause();
  }

  resume(): void {
    this.#media.resume();
    this.#resumedAtMs = performance.now();
  }

  /** Everything that was recorded, and written. */
  async finish(): Promise<File> {
    const ended = new Promise((resolve) => {
      this.#media.onstop = resolve;
    });
    this.#media.stop();
    await ended;
    this.release();
    await this.#written;
    return fileOf(this.recording);
  }

  /** The microphone is off. */
  release(): void {
    for (const track of this.#stream.getTracks()) track.stop();
    void this.#context.close();
    this.#letGo();
  }

  async #write(blob: Blob): Promise<void> {
    const chunk = { recordingId: this.recording.id, index: this.#chunks++, blob };
    await (await database()).put('chunks', chunk);
  }
}

const chunksOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

/** What was recorded, as one file. */
export async function fileOf({ id, startedAtMs, mimeType }: StoredRecording): Promise<File> {
  const chunks = await (await database()).getAll('chunks', chunksOf(id));
  const [, ending = 'webm'] = /^audio\/(\w+)/.exec(mimeType) ?? [];
  const at = new Date(startedAtMs - new Date(startedAtMs).getTimezoneOffset() * 60_000).toISOString();
  const name = `${at.slice(0, 16).replace('T', ' ').replace(':', '.')}.${ending}`;
  return new File(
    chunks.map(({ blob }) => blob),
    name,
    { type: mimeType },
  );
}

export async function forgetRecording(id: string): Promise<void> {
  const transaction = (await database()).transaction(['recordings', 'chunks'], 'readwrite');
  await Promise.all([
    transaction.objectStore('chunks').delete(chunksOf(id)),
    transaction.objectStore('recordings').delete(id),
    transaction.done,
  ]);
}

/** What tabs left that were closed in the middle. */
export async function leftRecordings(): Promise<StoredRecording[]> {
  const held = await heldInBrowser();
  return (await (await database()).getAll('recordings')).filter((recording) => !held.has(lockOf(recording)));
}

const lockOf = ({ id }: StoredRecording): string => `recording.${id}`;
