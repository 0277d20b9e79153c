import { SottoError, type SpeechOffer } from '@sotto/contracts';
import type { SpeechEngine } from './engine.ts';
import type { EngineSource } from './engine-source.ts';
import { engineSources } from './engine-sources.ts';
import { EvenEngine } from './loudness/even-engine.ts';
import type { RemoteSpeechOptions } from './remote/remote-engine.ts';
import { type AskedVoice, offerOf, type ResolvedVoice, resolveVoice } from './resolve-voice.ts';
import { RetiringEngine } from './retiring-engine.ts';

export interface OpenEnginesOptions {
  /** Folder with what was installed. */
  dir: string;
  /** Of each engine. Default 1: two are slower than one wherever somebody else has the second core. */
  threads?: number;
  /** Another server that speaks; absent: none is asked. */
  remote?: RemoteSpeechOptions | undefined;
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
  /**
   * Opens what was installed meanwhile, and closes what was removed once it has said what it was given: then `engines` is another list.
   * Looks at a dozen names of files where nothing has changed. Never rejects.
   */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Opens what is installed. Nothing is loaded before it is first asked to speak. @throws the signal's reason */
export async function openEngines(options: OpenEnginesOptions): Promise<Engines> {
  const engines = new InstalledEngines(engineSources(options));
  await engines.refresh();
  options.signal?.throwIfAborted();
  return engines;
}

/** What became of a source when it was last opened. */
interface Opened {
  mark: string;
  engine: RetiringEngine | null;
  problem: string | null;
}

class InstalledEngines implements Engines {
  readonly #sources: readonly EngineSource[];
  readonly #opened = new Map<EngineSource, Opened>();
  readonly #retiring = new Set<Promise<void>>();
  #refreshing: Promise<void> | null = null;
  #isClosed = false;
  #offers: SpeechOffer[] = [];
  engines: readonly SpeechEngine[] = [];
  problems: readonly string[] = [];

  constructor(sources: readonly EngineSource[]) {
    this.#sources = sources;
  }

  offers(): SpeechOffer[] {
    return this.#offers;
  }

  resolve(asked: AskedVoice): ResolvedVoice {
    return resolveVoice(asked, this.#offers);
  }

  engine(name: string): SpeechEngine {
    const found = this.engines.find((engine) => engine.name === name);
    if (found) return found;
    throw new SottoError('model_not_available', `The voices of ${name} are not installed here.`);
  }

  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#refreshing;
    await Promise.all([...this.#opened.values()].map(({ engine }) => engine?.close()));
    await Promise.all(this.#retiring);
  }

  async #refresh(): Promise<void> {
    let hasChanged = false;
    for (const source of this.#sources) {
      if (this.#isClosed) return;
      const mark = await source.mark();
      const before = this.#opened.get(source);
      if (before?.mark === mark) continue;
      const opened = await opening(source, mark);
      this.#opened.set(source, opened);
      if (before?.engine) this.#retire(before.engine);
      hasChanged = true;
    }
    if (!hasChanged) return;
    const all = this.#sources.flatMap((source) => this.#opened.get(source) ?? []);
    this.engines = all.flatMap(({ engine }) => engine ?? []);
    this.problems = all.flatMap(({ problem }) => problem ?? []);
    this.#offers = this.engines.map(offerOf);
  }

  #retire(engine: RetiringEngine): void {
    const done: Promise<void> = engine.retire().finally(() => this.#retiring.delete(done));
    this.#retiring.add(done);
  }
}

async function opening(source: EngineSource, mark: string): Promise<Opened> {
  try {
    const engine = await source.open();
    return { mark, engine: engine && new RetiringEngine(new EvenEngine(engine)), problem: null };
  } catch (error) {
    const problem = error instanceof SottoError ? error.detail : (error as Error).message;
    return { mark, engine: null, problem };
  }
}
