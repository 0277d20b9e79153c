import type { EngineKind, Heartbeat, InstalledModel } from '@sotto/contracts';

/** The living workers and their models. */
export interface Fleet {
  workers: Heartbeat[];
  /**
   * Of one kind of engine, by name. While no worker reports any, those reported last, so that a restart removes none.
   */
  models: InstalledModel[];
  /** What operators want the default model to be; see ModelWishes. */
  wishedDefault?: string | null;
}

/** Models that living engines of a kind report, each engine's in turn; null: none knows its models yet. */
export function reportedModels(kind: EngineKind, workers: readonly Heartbeat[]): InstalledModel[] | null {
  const lists = workers.flatMap(({ state, engines }) =>
    engines
      .filter((engine) => engine.kind === kind && (state !== 'starting' || engine.models.length > 0))
      .map(({ models }) => models),
  );
  return lists.length === 0 ? null : lists.flat();
}

/** @param remembered models that engines of the kind reported before */
export function modelsOf(
  kind: EngineKind,
  workers: readonly Heartbeat[],
  remembered: readonly InstalledModel[],
): InstalledModel[] {
  const byName = new Map<string, InstalledModel>();
  const models = reportedModels(kind, workers) ?? remembered.map((model) => ({ ...model, loaded: false }));
  for (const model of models) {
    const known = byName.get(model.name);
    if (known === undefined) byName.set(model.name, model);
    else byName.set(model.name, { ...known, loaded: known.loaded || model.loaded, fits: known.fits || model.fits });
  }
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name));
}
