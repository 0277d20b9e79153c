import type { Sound, SpeakOptions, SpeechInput, WireSpokenWord } from '@sotto/client';
import { client } from '../../../api/client.ts';
import { PcmPlayer } from '../sound/pcm-player.ts';
import { pieceAt, type ShownPiece, withPiece } from './pieces.ts';
import { wordAt } from './words.ts';

export interface SpeechState {
  /** `made`: all of it is there, and some may still have to be heard. */
  phase: 'asking' | 'speaking' | 'made' | 'stopped' | 'failed';
  isPaused: boolean;
  jobId: string | null;
  pieces: readonly ShownPiece[];
  /** Of `pieces`; -1: none is heard. */
  heard: number;
  /** By the index of their piece, from its beginning; those that are known yet. */
  words: ReadonlyMap<number, readonly WireSpokenWord[]>;
  /** Of the words of the piece that is heard; -1: none is. */
  heardWord: number;
  /** Of 100. */
  progress: number;
  error: unknown;
}

const LOOK_MS = 100;
/** Of the format `pcm`. */
const PCM_RATE_HZ = 24_000;

const NEW: SpeechState = {
  phase: 'asking',
  isPaused: false,
  jobId: null,
  pieces: [],
  heard: -1,
  words: new Map(),
  heardWord: -1,
  progress: 0,
  error: null,
};

/** A text that is heard while it is spoken. asking -> speaking -> made, or stopped or failed on the way. */
export class Speech {
  readonly #leave = new AbortController();
  readonly #listeners = new Set<() => void>();
  #state = NEW;
  #player: PcmPlayer | null = null;
  #clock: number | undefined;

  constructor(text: SpeechInput, options: SpeakOptions) {
    void this.#run(text, options).catch((error: unknown) => this.#failed(error));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): SpeechState => this.#state;

  /** Stops the sound, and the work where it is not done. */
  stop(): void {
    this.#leave.abort();
    this.#silence();
    if (this.#state.phase === 'asking' || this.#state.phase === 'speaking') this.#set({ phase: 'stopped' });
    this.#set({ heard: -1 });
  }

  async togglePause(): Promise<void> {
    const isPaused = !this.#state.isPaused;
    this.#set({ isPaused });
    await (isPaused ? this.#player?.pause() : this.#player?.goOn());
  }

  async #run(text: SpeechInput, options: SpeakOptions): Promise<void> {
    const { signal } = this.#leave;
    const sound = await client.speech.speak(text, { ...options, responseFormat: 'pcm' }, { signal });
    this.#set({ phase: 'speaking', jobId: sound.jobId });
    await Promise.all([this.#hear(sound, signal), this.#follow(sound.jobId, signal)]);
  }

  async #hear({ body }: Sound, signal: AbortSignal): Promise<void> {
    const player = new PcmPlayer(PCM_RATE_HZ);
    this.#player = player;
    this.#clock = window.setInterval(() => this.#look(), LOOK_MS);
    // Not all browsers can iterate over a stream.
    const reader = body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) await player.add(next.value, signal);
    if (!signal.aborted) this.#set({ phase: 'made', progress: 100 });
  }

  /** Which words are spoken when, and how far it is. */
  async #follow(jobId: string | null, signal: AbortSignal): Promise<void> {
    if (jobId === null) return;
    for await (const { event } of client.events(jobId, { signal })) {
      if (event.type === 'progress') this.#set({ progress: event.progress });
      if (event.type === 'spoken') this.#set({ pieces: withPiece(this.#state.pieces, event.text, event.duration) });
      if (event.type === 'words') this.#set({ words: new Map([...this.#state.words, [event.index, event.words]]) });
    }
  }

  #look(): void {
    const player = this.#player;
    if (player === null) return;
    const isOver = this.#state.phase === 'made' && player.isDrained;
    const { pieces, words } = this.#state;
    const seconds = player.positionS();
    const heard = isOver ? -1 : pieceAt(pieces, seconds);
    this.#set({ heard, heardWord: wordAt(words.get(heard), seconds - (pieces[heard]?.start ?? 0)) });
    if (isOver) this.#silence();
  }

  #silence(): void {
    window.clearInterval(this.#clock);
    void this.#player?.close();
    this.#player = null;
  }

  #failed(error: unknown): void {
    if (this.#leave.signal.aborted) return;
    this.#leave.abort();
    this.#silence();
    this.#set({ phase: 'failed', error, heard: -1 });
  }

  #set(changes: Partial<SpeechState>): void {
    const isNew = Object.entries(changes).some(([name, value]) => this.#state[name as keyof SpeechState] !== value);
    if (!isNew) return;
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
