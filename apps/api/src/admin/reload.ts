import { SottoError, wireReloadSchema } from '@sotto/contracts';
import { type EnvChanges, EnvError } from '@sotto/runtime';
import type { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

export interface ReloadDeps {
  /** @throws EnvError: nothing has changed. */
  reload(): EnvChanges;
}

/** The same as SIGHUP, for those who cannot send one. */
export function reloadEndpoint({ reload }: ReloadDeps): Endpoint {
  return endpoint({
    method: 'post',
    path: '/admin/reload',
    tag: 'admin',
    access: 'admin',
    summary: 'Read the configuration again',
    description:
      'Of this API process: `.env` and the files of secrets. Takes over what can change without a restart and names the rest. Workers and other replicas do the same on SIGHUP.',
    answers: { 200: { description: 'What has changed.', content: { 'application/json': wireReloadSchema } } },
    errors: ['invalid_configuration'],
    handle: ({ response }) => {
      const { changed, needsRestart } = reloaded(reload);
      response.json({ changed, needs_restart: needsRestart } satisfies z.infer<typeof wireReloadSchema>);
    },
  });
}

function reloaded(reload: ReloadDeps['reload']): EnvChanges {
  try {
    return reload();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    throw new SottoError('invalid_configuration', `${error.problems.join('; ')}.`, { cause: error });
  }
}
