import type { EngineKind, Heartbeat, InstalledModel } from '@sotto/contracts';

/** What the workers tell of themselves. */
export interface Fleet {
  workers: Heartbeat[];
  /** Of one kind of engine, by name. While no worker knows better, those of the last ones: a restart takes none away. */
  models: InstalledModel[];
}

/** What living engines of a kind report, one by one; null: none has looked at its models yet. */
export function reportedModels(kind: EngineKind, workers: readonly Heartbeat[]): InstalledModel[] | null {
  const lists = workers.flatMap(({ state, engines }) =>
    engines
      .filter((engine) => engine.kind === kind && (state !== 'starting' || engine.models.length > 0))
      .map(({ models }) => models),
  );
  return lists.length === 0 ? null : lists.flat();
}

/** @param remembered what engines of the kind have reported before */
export function modelsOf(
  kind: EngineKind,
  workers: readonly Heartbeat[],
  remembered: readonly InstalledModel[],
): InstalledModel[] {
  const byName = new Map<string, InstalledModel>();
  const models = reportedModels(kind, workers) ?? remembered.map((model) => ({ ...model, loaded: false }));
  for (const model of models) {
    const known = byName.get(model.name);
    byName.set(model.name, known === undefined ? model : { ...known, loaded: known.loaded || model.loaded });
  }
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name));
}
