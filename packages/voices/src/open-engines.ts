import { SottoError, type SpeechOffer } from '@sotto/contracts';
import { VOICES_CATALOG } from './catalog/catalog.ts';
import { openSherpa } from './catalog/open-sherpa.ts';
import type { SpeechEngine } from './engine.ts';
import { EspeakEngine } from './espeak/espeak-engine.ts';
import { type AskedVoice, offerOf, type ResolvedVoice, resolveVoice } from './resolve-voice.ts';

export interface OpenEnginesOptions {
  /** Folder with what was installed. */
  dir: string;
  /** Of each engine. Default 1: two are slower than one wherever somebody else has the second core. */
  threads?: number;
  signal?: AbortSignal;
}

/** All engines that can speak here. */
export interface Engines {
  /** Best first. */
  readonly engines: readonly SpeechEngine[];
  /** Why an engine that could be here is not, in sentences. */
  readonly problems: readonly string[];
  offers(): SpeechOffer[];
  /** @throws SottoError as `resolveVoice` does */
  resolve(asked: AskedVoice): ResolvedVoice;
  /** @throws SottoError `model_not_available` */
  engine(name: string): SpeechEngine;
  close(): Promise<void>;
}

/** Opens what is installed. Nothing is loaded before it is first asked to speak. @throws the signal's reason */
export async function openEngines(options: OpenEnginesOptions): Promise<Engines> {
  const engines: SpeechEngine[] = [];
  const problems: string[] = [];
  for (const open of openers(options)) {
    try {
      const engine = await open();
      if (engine) engines.push(engine);
    } catch (error) {
      options.signal?.throwIfAborted();
      problems.push(error instanceof SottoError ? error.detail : (error as Error).message);
    }
  }
  const offers = engines.map(offerOf);
  return {
    engines,
    problems,
    offers: () => offers,
    resolve: (asked) => resolveVoice(asked, offers),
    engine: (name) => {
      const found = engines.find((engine) => engine.name === name);
      if (found) return found;
      throw new SottoError('model_not_available', `The voices of ${name} are not installed here.`);
    },
    close: async () => {
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}

function openers({ dir, threads = 1, signal }: OpenEnginesOptions): (() => Promise<SpeechEngine | null>)[] {
  return [
    ...VOICES_CATALOG.map((entry) => () => openSherpa(entry, { dir, threads })),
    () => EspeakEngine.open(signal === undefined ? {} : { signal }),
  ];
}
