import { SottoError } from '@sotto/contracts';
import { Postponed } from '@sotto/queue';
import type { Engine } from '../models/engine.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import { modelNameOf } from './engine-call.ts';

export interface RightWorkerDeps {
  engine: Pick<Engine, 'tooLarge'>;
  models: Pick<ModelDirectory, 'fitsSomewhere'>;
}

/** Short: a worker that has the memory may be idle. Not shorter, or one that has not would do little else. */
const PASS_ON = { firstMs: 50, maxMs: 1_000 };

/**
 * All workers take windows from the same queues. One of a model that never fits into the memory of this one goes back
 * at once, before any of its audio is read.
 *
 * @throws Postponed where another worker has the memory; SottoError `model_loading` where none has: its run waits for one
 *   that does, and says so.
 */
export async function mustFit(model: string, { engine, models }: RightWorkerDeps): Promise<void> {
  const tooLarge = await engine.tooLarge(modelNameOf(model));
  if (tooLarge === null) return;
  if (await models.fitsSomewhere(tooLarge)) {
    throw new Postponed(`${tooLarge} is for a worker with more memory`, PASS_ON);
  }
  throw new SottoError('model_loading', `No running worker has the memory for ${tooLarge}.`);
}
