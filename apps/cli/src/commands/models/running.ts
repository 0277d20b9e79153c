import { setTimeout as delay } from 'node:timers/promises';
import { type WireAdminModels, wireAdminModelsSchema } from '@sotto/contracts';
import { type AdminOptions, ask } from '../../connection/admin.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { note, result } from '../../terminal/output.ts';

const POLL_MS = 500;
/** A large model is read from a slow disk, or a worker has just failed to load it. */
const PATIENCE_MS = 120_000;

/** Shows the default model of a running service, or makes another one the default and waits until a worker has loaded it. */
export async function defaultModel(
  name: string | undefined,
  options: AdminOptions & { reset?: true },
): Promise<ExitCode> {
  const state =
    name === undefined && options.reset === undefined
      ? await ask(wireAdminModelsSchema, options, 'GET', '/models')
      : await ask(wireAdminModelsSchema, options, 'POST', '/models/default', { model: name ?? null });
  const wanted = state.default_model;
  const reached = wanted === null ? state : await until(options, ({ current_model }) => current_model === wanted);
  if (reached === null) throw new CommandError(`No worker has loaded ${wanted} yet; the workers' logs say why.`);
  result(reached.current_model ?? 'No worker has a model yet.');
  return EXIT.ok;
}

/** Loads models into the memory of every worker that has them, or with `release` lets go of them. */
export async function preloadModels(
  names: readonly string[],
  { release, ...options }: AdminOptions & { release?: true },
): Promise<ExitCode> {
  for (const name of names) {
    const path = `/models/${encodeURIComponent(name)}/preload`;
    const { preloaded } = await ask(wireAdminModelsSchema, options, release ? 'DELETE' : 'POST', path);
    note(preloaded.length === 0 ? 'No model is kept in memory.' : `Kept in memory: ${preloaded.join(', ')}`);
  }
  return EXIT.ok;
}

async function until(
  options: AdminOptions,
  isReached: (state: WireAdminModels) => boolean,
): Promise<WireAdminModels | null> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const state = await ask(wireAdminModelsSchema, options, 'GET', '/models');
    if (isReached(state)) return state;
    if (Date.now() > deadline) return null;
    await delay(POLL_MS);
  }
}
