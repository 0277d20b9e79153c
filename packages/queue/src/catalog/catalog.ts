import type { Role } from '@sotto/contracts';
import { JOB_CATALOG, type JobKindDefinition } from './jobs.ts';
import { QUEUES, type QueueDefinition } from './queues.ts';
import { RUN_CATALOG, type RunKindDefinition } from './runs.ts';

export interface CatalogTables {
  queues: Readonly<Record<string, QueueDefinition>>;
  jobs: Readonly<Record<string, JobKindDefinition>>;
  runs: Readonly<Record<string, RunKindDefinition>>;
}

/** A stage with its share of the percentage. */
export interface StageShare {
  name: string;
  from: number;
  to: number;
}

/**
 * The kinds of work, and all that the kernel knows about them: queues, stages, costs and which role processes which
 * jobs follow from it. The service has one, `CATALOG`; tests add kinds of their own.
 */
export class Catalog {
  readonly #tables: CatalogTables;
  readonly #stages = new Map<string, readonly StageShare[]>();

  constructor(tables: CatalogTables) {
    this.#tables = tables;
    for (const [kind, { stages }] of Object.entries(tables.runs)) {
      const shares = stages.map(({ name, fromPercent }, i) => {
        return { name, from: fromPercent, to: stages[i + 1]?.fromPercent ?? 100 };
      });
      this.#stages.set(kind, shares);
    }
  }

  get queueNames(): string[] {
    return Object.keys(this.#tables.queues);
  }

  get jobKinds(): string[] {
    return Object.keys(this.#tables.jobs);
  }

  get runKinds(): string[] {
    return Object.keys(this.#tables.runs);
  }

  queue(name: string): QueueDefinition {
    return must(this.#tables.queues, name, 'queue');
  }

  /** Queues from which workers with this role take jobs. */
  queuesOf(role: Role): string[] {
    return this.queueNames.filter((name) => this.queue(name).role === role);
  }

  job(kind: string): JobKindDefinition {
    return must(this.#tables.jobs, kind, 'kind of job');
  }

  /** null: only a newer build knows it. */
  findJob(kind: string): JobKindDefinition | null {
    return find(this.#tables.jobs, kind);
  }

  run(kind: string): RunKindDefinition {
    return must(this.#tables.runs, kind, 'kind of run');
  }

  /** null: only a newer build knows it. */
  findRun(kind: string): RunKindDefinition | null {
    return find(this.#tables.runs, kind);
  }

  /** In order. */
  stages(runKind: string): readonly StageShare[] {
    return this.#stages.get(runKind) ?? [];
  }

  stage(runKind: string, name: string): StageShare {
    const share = this.stages(runKind).find((stage) => stage.name === name);
    if (share === undefined) throw new Error(`a run of kind ${runKind} has no stage ${name}`);
    return share;
  }

  /** The queue of the job that drives such a run. */
  driverQueue(runKind: string): string {
    return this.job(this.run(runKind).driver).queue;
  }
}

export const CATALOG = new Catalog({ queues: QUEUES, jobs: JOB_CATALOG, runs: RUN_CATALOG });

function find<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}

function must<T>(table: Readonly<Record<string, T>>, name: string, what: string): T {
  const found = find(table, name);
  if (found === null) throw new Error(`there is no ${what} ${name}`);
  return found;
}
