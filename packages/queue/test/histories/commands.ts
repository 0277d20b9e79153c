import { setTimeout as delay } from 'node:timers/promises';
import { type Arbitrary, type AsyncCommand, array, constant, integer, nat, oneof, tuple } from 'fast-check';
import type { Model, ModelRequest } from './model.ts';
import type { Seen, World } from './world.ts';

type Step = AsyncCommand<Model, World>;

/** Works that requests are for: few, so that they join each other's runs. */
const WORKS = 3;
/** More deaths during one job, and it counts as the cause of them. */
const MAX_KILLS = 4;

function step(name: string, run: (model: Model, world: World) => Promise<void>, check = (_: Model) => true): Step {
  return {
    check: (model) => check(model),
    run: async (model, world) => {
      model.story.push(name);
      await run(model, world);
      await mustAgree(model, world);
    },
    toString: () => name,
  };
}

/** What every client sees is what the model allows, and an end is an end. */
export async function mustAgree(model: Model, world: World): Promise<void> {
  for (const request of model.requests) {
    const seen = await world.see(request.id);
    const allowed = allowedFor(request);
    if (!allowed.includes(seen)) {
      throw new Error(`request ${request.id} is ${seen}; the model allows ${allowed.join(' or ')}`);
    }
    if (seen === 'completed' || seen === 'cancelled') request.end = seen;
  }
}

function allowedFor({ run, isCancelled, end }: ModelRequest): Seen[] {
  // One that was cancelled before goes with the run that it had left.
  if (run.isExpired) return isCancelled ? ['expired', 'cancelled'] : ['expired'];
  if (end !== null) return [end];
  return isCancelled ? ['cancelled'] : ['processing', 'completed'];
}

const submit = ([work, isSubmitted]: [number, boolean]) =>
  step(`submit(${work}${isSubmitted ? '' : ', dies'})`, async (model, world) => {
    const name = `work-${work}`;
    const known = model.works.get(name);
    const accepted = await world.submit(name, isSubmitted);
    if (accepted.joined !== (known !== undefined)) {
      throw new Error(
        `it ${accepted.joined ? 'joined' : 'made'} run ${accepted.runId}, where the model has ${known?.id}`,
      );
    }
    model.accept(name, accepted);
  });

const chosen = (model: Model, index: number): ModelRequest | undefined => {
  const open = model.requests.filter(({ isCancelled, run }) => !isCancelled && !run.isExpired);
  return open[index % Math.max(1, open.length)];
};

const cancel = ([index, isFinished]: [number, boolean]) =>
  step(
    `cancel(${index}${isFinished ? '' : ', dies'})`,
    async (model, world) => {
      const request = chosen(model, index);
      if (request === undefined) return;
      await world.cancel(request.id, isFinished);
      // Leaving a run that has ended changes nothing.
      if ((await world.see(request.id)) !== 'completed') model.leave(request);
    },
    (model) => chosen(model, index) !== undefined,
  );

const expire = (index: number) =>
  step(
    `expire(${index})`,
    async (model, world) => {
      const run = chosen(model, index)?.run;
      if (run === undefined) return;
      await world.expire(run.id, run.work, [...run.attached]);
      run.isExpired = true;
      if (model.works.get(run.work) === run) model.works.delete(run.work);
    },
    (model) => chosen(model, index)?.end === 'completed',
  );

const start = step('start', async (model, world) => {
  await world.startWorker();
  model.hasWorker = true;
});

const kill = step(
  'kill',
  async (model, world) => {
    await world.killWorker();
    model.hasWorker = false;
    model.kills += 1;
  },
  ({ hasWorker, kills }) => hasWorker && kills < MAX_KILLS,
);

const stop = step(
  'stop',
  async (model, world) => {
    await world.stopWorker();
    model.hasWorker = false;
  },
  ({ hasWorker }) => hasWorker,
);

const sweep = step('sweep', (_model, world) => world.sweep());

/** Something happens in the worker; what, is up to it. */
const meanwhile = (ms: number) => step(`meanwhile(${ms})`, () => delay(ms));

const works = nat(WORKS - 1);
/** One of so many fails to happen: whoever does it dies half way. */
const oftenNot = (times: number) => nat(times - 1).map((n) => n > 0);

/** From submitting to sweeping, in any order. */
export const HISTORY: Arbitrary<Step[]> = array(
  oneof(
    { weight: 5, arbitrary: tuple(works, oftenNot(5)).map(submit) },
    { weight: 2, arbitrary: tuple(nat(20), oftenNot(3)).map(cancel) },
    { weight: 2, arbitrary: nat(20).map(expire) },
    { weight: 3, arbitrary: integer({ min: 1, max: 150 }).map(meanwhile) },
    { weight: 2, arbitrary: constant(start) },
    { weight: 2, arbitrary: constant(kill) },
    { weight: 1, arbitrary: constant(stop) },
    { weight: 1, arbitrary: constant(sweep) },
  ),
  { minLength: 10, maxLength: 24, size: 'max' },
);
