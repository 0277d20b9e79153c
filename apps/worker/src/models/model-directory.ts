import { canonicalModelName, type InstalledModel } from '@sotto/contracts';
import type { Heartbeats } from '@sotto/queue';

/** Stands for "the default of whichever worker takes the window", when no worker is there to ask. */
export const WORKERS_CHOICE = 'auto';

/** A model as the fleet knows it. */
export interface KnownModel {
  name: string;
  /** null: no worker has reported it. */
  multilingual: boolean | null;
  warning: string | null;
}

/**
 * What transcribe workers report of their models: a worker that only prepares has none itself, and a name must mean
 * the same for all windows of a run.
 */
export class ModelDirectory {
  readonly #heartbeats: Heartbeats;

  constructor(heartbeats: Heartbeats) {
    this.#heartbeats = heartbeats;
  }

  /** @param wanted null: the service's default, as its living workers have it */
  async find(wanted: string | null): Promise<KnownModel> {
    const name = wanted === null ? await this.#current() : wanted;
    const models = await this.#heartbeats.models();
    const found = models.find((model) => sameModel(model, name));
    return { name, multilingual: found?.multilingual ?? null, warning: found?.warning ?? null };
  }

  async #current(): Promise<string> {
    const beats = await this.#heartbeats.list();
    return beats.find(({ currentModel }) => currentModel !== null)?.currentModel ?? WORKERS_CHOICE;
  }
}

function sameModel(model: InstalledModel, name: string): boolean {
  return model.name === name || canonicalModelName(model.name) === canonicalModelName(name);
}
