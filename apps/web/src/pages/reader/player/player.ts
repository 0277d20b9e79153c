/** Speeds to choose from; the pitch stays. */
export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export interface PlayerState {
  isPlaying: boolean;
  speed: number;
  /** The recording cannot be played here. */
  isBroken: boolean;
}

/** Whoever wants to know where the recording is: called with every frame while it plays, and at each jump. */
export type OnTime = (atMs: number) => void;

/** The recording. Times are pushed past React: they change with every frame. */
export class Player {
  readonly audio: HTMLAudioElement;
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<OnTime>();
  #state: PlayerState = { isPlaying: false, speed: 1, isBroken: false };
  #frame = 0;
  #stopAtMs: number | null = null;

  constructor(url: string) {
    this.audio = new Audio();
    this.audio.preload = 'metadata';
    this.audio.preservesPitch = true;
    this.audio.src = url;
    this.audio.addEventListener('play', () => this.#change({ isPlaying: true }));
    this.audio.addEventListener('pause', () => this.#change({ isPlaying: false }));
    this.audio.addEventListener('ratechange', () => this.#change({ speed: this.audio.playbackRate }));
    this.audio.addEventListener('error', () => this.#change({ isBroken: true }));
    this.audio.addEventListener('seeked', () => this.#tell());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): PlayerState => this.#state;

  watch(onTime: OnTime): () => void {
    this.#watchers.add(onTime);
    onTime(this.atMs);
    return () => this.#watchers.delete(onTime);
  }

  get atMs(): number {
    return this.audio.currentTime * 1000;
  }

  /** @param stopAtMs plays no further than this */
  play(fromMs?: number, stopAtMs: number | null = null): void {
    if (fromMs !== undefined) this.seek(fromMs);
    this.#stopAtMs = stopAtMs;
    // Refused where nothing was pressed yet, or there is nothing to play: the button stays as it is.
    this.audio.play().catch(() => {});
  }

  pause(): void {
    this.audio.pause();
  }

  toggle(): void {
    if (this.audio.paused) this.play();
    else this.pause();
  }

  seek(atMs: number): void {
    this.#stopAtMs = null;
    this.audio.currentTime = Math.max(0, atMs / 1000);
    this.#tell();
  }

  skip(ms: number): void {
    this.seek(this.atMs + ms);
  }

  setSpeed(speed: number): void {
    this.audio.playbackRate = speed;
  }

  /** One speed up or down. */
  shiftSpeed(by: 1 | -1): void {
    const at = SPEEDS.indexOf(this.audio.playbackRate);
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? 2 : at) + by))] ?? 1);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }

  #change(changes: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...changes };
    cancelAnimationFrame(this.#frame);
    if (this.#state.isPlaying) this.#follow();
    for (const listener of this.#listeners) listener();
  }

  #follow(): void {
    this.#tell();
    if (this.#stopAtMs !== null && this.atMs >= this.#stopAtMs) {
      this.#stopAtMs = null;
      this.pause();
    }
    this.#frame = requestAnimationFrame(() => this.#follow());
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher(this.atMs);
  }
}
