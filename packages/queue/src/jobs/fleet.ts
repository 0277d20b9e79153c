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
  const byName = new Map<string, InstalledModel[]>();
  const models = reportedModels(kind, workers) ?? remembered.map((model) => ({ ...model, loaded: false }));
  for (const model of models) byName.set(model.name, [...(byName.get(model.name) ?? []), model]);
  return [...byName.values()].flatMap(asOne).sort((a, b) => a.name.localeCompare(b.name));
}

/** A model that several workers have: as fast as on average, and as large as where it takes most. */
function asOne(copies: readonly InstalledModel[]): InstalledModel[] {
  const speeds = copies.flatMap(({ realtimeFactor }) => realtimeFactor ?? []);
  const sizes = copies.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  return copies.slice(0, 1).map((first) => ({
    ...first,
    loaded: copies.some(({ loaded }) => loaded),
    fits: copies.some(({ fits }) => fits),
    realtimeFactor: speeds.length === 0 ? null : speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length,
    memoryBytes: sizes.length === 0 ? null : Math.max(...sizes),
  }));
}
