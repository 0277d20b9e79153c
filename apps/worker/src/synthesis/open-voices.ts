import type { SpeechOffers } from '@sotto/queue';
import type { Lifecycle, Logger } from '@sotto/runtime';
import { type Engines, openEngines, voicesFolder } from '@sotto/voices';
import { type RemoteSpeechDeps, remoteSpeechOf } from './remote/remote-speech.ts';
import { VoiceBox } from './voice-box.ts';

export interface OpenVoicesDeps extends RemoteSpeechDeps {
  logger: Logger;
  modelDir: string;
  speechOffers: SpeechOffers;
  lifecycle: Lifecycle;
  /** Voices were installed or removed, and are offered or not any more. */
  onChange(): void;
}

/** While the engine speaks one piece, another is read, or stored. */
const SLOTS = 2;
/** A Redis that has lost what these voices are is told again. */
const OFFER_INTERVAL_MS = 60_000;
/** How soon voices speak that were installed; a look takes a dozen names of files. */
const LOOK_INTERVAL_MS = 5_000;

/** Opens what speaks here, tells the fleet what it can, and follows what is installed and removed. */
export async function openVoices({ modelDir, lifecycle, ...deps }: OpenVoicesDeps): Promise<VoiceBox> {
  const { signal } = lifecycle;
  const engines = await openEngines({ dir: voicesFolder(modelDir), remote: remoteSpeechOf(deps), signal });
  const followed = new FollowedVoices(engines, deps, signal);
  lifecycle.own('voices', () => engines.close());
  await followed.opened();
  const timers = [
    setInterval(() => void followed.offer(), OFFER_INTERVAL_MS),
    setInterval(() => void followed.look(), LOOK_INTERVAL_MS),
  ].map((timer) => timer.unref());
  lifecycle.own('offers of voices', () => timers.forEach(clearInterval));
  return new VoiceBox(engines, SLOTS);
}

type FollowerDeps = Pick<OpenVoicesDeps, 'speechOffers' | 'logger' | 'onChange'>;

class FollowedVoices {
  readonly #engines: Engines;
  readonly #deps: FollowerDeps;
  readonly #signal: AbortSignal;
  #seen: Engines['engines'] = [];

  constructor(engines: Engines, deps: FollowerDeps, signal: AbortSignal) {
    this.#engines = engines;
    this.#deps = deps;
    this.#signal = signal;
  }

  async opened(): Promise<void> {
    const { engines, problems } = this.#engines;
    this.#seen = engines;
    const { logger } = this.#deps;
    for (const problem of problems) logger.warning('some voices cannot be used', { problem });
    if (engines.length === 0) logger.warning('nothing here can speak: texts are left to other workers');
    await this.offer();
    void this.#warmUp();
  }

  /** Never rejects. */
  async look(): Promise<void> {
    await this.#engines.refresh();
    if (this.#signal.aborted || this.#engines.engines === this.#seen) return;
    this.#deps.logger.info('voices were installed or removed', {
      engines: this.#engines.engines.map(({ name }) => name),
    });
    await this.opened();
    this.#deps.onChange();
  }

  /** Never rejects. */
  async offer(): Promise<void> {
    await this.#deps.speechOffers
      .put(this.#engines.offers())
      .catch((error: unknown) =>
        this.#deps.logger.warning('voices could not be offered; it is tried again', { error }),
      );
  }

  /** Models are loaded when they first speak: whoever asks for the best voice first is not to wait for that. Never rejects. */
  async #warmUp(): Promise<void> {
    const best = this.#engines.engines.find(({ remote }) => remote === undefined);
    const [voice] = best?.voices() ?? [];
    const [language] = voice?.languages ?? [];
    if (best === undefined || voice === undefined || language === undefined) return;
    await best.speak({ text: 'A', voice: voice.id, language, speed: 1 }, this.#signal).catch((error: unknown) => {
      if (!this.#signal.aborted) this.#deps.logger.warning('the best voice could not be loaded', { error });
    });
  }
}
