import type { LiveOptions } from '@sotto/client';
import type { SoundSource } from '../sound/sources.ts';
import { LiveSession } from './live-session.ts';

export interface Desk {
  /** Whether it is known what this browser was at. */
  isReady: boolean;
  session: LiveSession | null;
}

/** The one session of this tab. */
class LiveDesk {
  #desk: Desk = { isReady: false, session: null };
  #restoring: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): Desk => this.#desk;

  /** Takes up what was left here, once. */
  async restore(): Promise<void> {
    this.#restoring ??= LiveSession.left()
      .catch(() => null)
      .then((session) => this.#show(session));
    await this.#restoring;
  }

  /** @throws as LiveSession.start */
  async start(options: LiveOptions, source: SoundSource): Promise<void> {
    await this.clear();
    this.#show(await LiveSession.start(options, source));
  }

  /** The session is over, and its text is not needed here any more. */
  async clear(): Promise<void> {
    const { session } = this.#desk;
    this.#show(null);
    await session?.remove();
  }

  #show(session: LiveSession | null): void {
    this.#desk = { isReady: true, session };
    for (const listener of this.#listeners) listener();
  }
}

export const liveDesk = new LiveDesk();
