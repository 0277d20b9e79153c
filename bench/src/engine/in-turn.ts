import { median } from '../statistics.ts';
import type { Outcome } from './outcome.ts';

export interface Contender {
  name: string;
  rounds: number;
  run(): Promise<Outcome>;
}

export interface Figures {
  name: string;
  /** Median; NaN when no round succeeded. */
  wallMs: number;
  fastestMs: number;
  slowestMs: number;
  /** Of the last round. */
  text: string;
  stagesMs: Record<string, number>;
  peakBytes: number;
  rounds: number;
  /** What went wrong, if something did; the other contenders go on. */
  problem: string | null;
}

/** Runs the contenders in turn, A B C A B C ..., so that a machine that slows down slows all of them. */
export async function inTurn(contenders: readonly Contender[]): Promise<Map<string, Figures>> {
  const outcomes = new Map(contenders.map(({ name }) => [name, [] as Outcome[]]));
  const problems = new Map<string, string>();
  const rounds = Math.max(0, ...contenders.map((contender) => contender.rounds));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of contenders.filter((contender) => round <= contender.rounds)) {
      const said = await run().then(
        (outcome) => {
          outcomes.get(name)?.push(outcome);
          return `${(outcome.wallMs / 1_000).toFixed(2)} s`;
        },
        (error: Error) => {
          problems.set(name, error.message);
          return error.message;
        },
      );
      process.stderr.write(`  ${clock()} round ${round} of ${rounds}: ${name}: ${said}\n`);
    }
  }
  return new Map(contenders.map(({ name }) => [name, figures(name, outcomes.get(name) ?? [], problems.get(name))]));
}

function figures(name: string, outcomes: readonly Outcome[], problem: string | undefined): Figures {
  const wall = outcomes.map(({ wallMs }) => wallMs);
  const last = outcomes.at(-1);
  return {
    name,
    wallMs: median(wall),
    fastestMs: Math.min(...wall),
    slowestMs: Math.max(...wall),
    text: last?.text ?? '',
    stagesMs: last?.stagesMs ?? {},
    peakBytes: Math.max(0, ...outcomes.map(({ peakBytes }) => peakBytes)),
    rounds: outcomes.length,
    problem: problem ?? null,
  };
}

const clock = (): string => new Date().toISOString().slice(11, 19);
