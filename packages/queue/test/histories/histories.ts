import { startRedis } from '@sotto/testkit';
import type { AsyncCommand } from 'fast-check';
import * as fc from 'fast-check';
import { HISTORY, mustAgree } from './commands.ts';
import { Model } from './model.ts';
import { Workers } from './workers.ts';
import { World } from './world.ts';

export interface HistoriesReport {
  seed: number;
  histories: number;
  requests: number;
  completed: number;
  cancelled: number;
  expired: number;
  kills: number;
}

const TEXT = ' 0 1';

/**
 * Random histories of submitting, joining, cancelling, dying and expiring, on the real kernel beside a model. At the end
 * of each, everything is worked off: what was not cancelled has its text, and nothing stays.
 *
 * @throws with the seed and the history that failed
 */
export async function histories(runs: number, seed: number): Promise<HistoriesReport> {
  const report = { seed, histories: 0, requests: 0, completed: 0, cancelled: 0, expired: 0, kills: 0 };
  const server = await startRedis();
  const workers = new Workers(server);
  try {
    const property = fc.asyncProperty(fc.noBias(HISTORY), async (history) => {
      const model = await passThrough(history, await World.open(server, workers));
      report.histories += 1;
      report.kills += model.kills;
      report.requests += model.requests.length;
      for (const { run, end } of model.requests) report[run.isExpired ? 'expired' : (end ?? 'completed')] += 1;
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    return report;
  } finally {
    await workers.close();
    await server.close();
  }
}

async function passThrough(history: readonly AsyncCommand<Model, World>[], world: World): Promise<Model> {
  const model = new Model();
  try {
    await fc.asyncModelRun(() => ({ model, real: world }), history);
    await conclude(model, world);
    return model;
  } catch (error) {
    throw new Error(`after ${model.story.join(', ')}: ${error}`, { cause: error });
  } finally {
    await world.close();
  }
}

async function conclude(model: Model, world: World): Promise<void> {
  const lasting = await world.settle();
  await mustAgree(model, world);
  for (const request of model.requests) {
    if (request.isCancelled || request.run.isExpired) continue;
    const text = await world.textOf(request.id);
    if (request.end !== 'completed' || text !== TEXT)
      throw new Error(`request ${request.id} has ${request.end}, ${text}`);
  }
  if (lasting.length > 0) throw new Error(`stays for ever: ${lasting.join(', ')}`);
}
