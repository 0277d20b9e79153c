import { canonicalModelName, enginesOf, type Heartbeat, type InstalledModel } from '@sotto/contracts';
import type { Heartbeats } from '@sotto/queue';

/** Stands for "the default of whichever worker takes the window" while there is no worker to ask. */
export const WORKERS_CHOICE = 'auto';

/** A model as the fleet knows it. */
export interface KnownModel {
  name: string;
  /** null: no worker has reported it. */
  multilingual: boolean | null;
  warning: string | null;
}

/**
 * Models as the workers that transcribe report them: a worker that only prepares has none, and a name must mean the
 * same for all windows of a run.
 */
export class ModelDirectory {
  readonly #heartbeats: Pick<Heartbeats, 'fleet'>;
  readonly #own: () => KnownModel | null;

  /** @param own this process's default model, which is known even while no heartbeat can be read; null: it has none */
  constructor(heartbeats: Pick<Heartbeats, 'fleet'>, own: () => KnownModel | null) {
    this.#heartbeats = heartbeats;
    this.#own = own;
  }

  /** @param wanted null or WORKERS_CHOICE: the service's default, as its living workers report it */
  async find(wanted: string | null): Promise<KnownModel> {
    const { workers, models, wishedDefault = null } = await this.#heartbeats.fleet('transcribe');
    const name = wanted === null || wanted === WORKERS_CHOICE ? this.#current(workers, wishedDefault) : wanted;
    const found = models.find((model) => sameModel(model, name)) ?? (this.#own()?.name === name ? this.#own() : null);
    return { name, multilingual: found?.multilingual ?? null, warning: found?.warning ?? null };
  }

  /** Whether a living worker has the memory for it. */
  async fitsSomewhere(name: string): Promise<boolean> {
    const { workers } = await this.#heartbeats.fleet('transcribe');
    return enginesOf(workers, 'transcribe').some(({ models }) =>
      models.some((model) => model.name === name && model.fits),
    );
  }

  #current(workers: Heartbeat[], wished: string | null): string {
    const defaults = enginesOf(workers, 'transcribe').flatMap(({ defaultModel }) => defaultModel ?? []);
    return defaults.find((name) => name === wished) ?? defaults[0] ?? this.#own()?.name ?? WORKERS_CHOICE;
  }
}

function sameModel(model: InstalledModel, name: string): boolean {
  return model.name === name || canonicalModelName(model.name) === canonicalModelName(name);
}
