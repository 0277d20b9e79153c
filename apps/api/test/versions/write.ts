/**
 * Freezes what the build before this one leaves in Redis and storage: `pnpm --filter @sotto/api freeze`. Run it once, when
 * PREVIOUS_COMMIT (packages/testkit) has been set to the commit of a release, and commit what it writes.
 */
import { previousBuild, startService } from '@sotto/testkit';
import { Client } from './client.ts';
import { freeze } from './freeze.ts';
import { FROZEN_FOLDER } from './frozen.ts';
import { Recordings } from './recordings.ts';
import { batches } from './states/batches.ts';
import { ended } from './states/ended.ts';
import { interrupted } from './states/interrupted.ts';
import { keys } from './states/keys.ts';
import { waiting } from './states/waiting.ts';
import { webhooks } from './states/webhooks.ts';

const build = await previousBuild();
if (!('value' in build)) throw new Error(build.skipped);
const service = await startService({ build: build.value });
const listener = new Client(service.url);
const recordings = await Recordings.make(FROZEN_FOLDER, (wav) => listener.transcribe(wav, { cache: 'false' }));
await service.close();

for (const state of [waiting, interrupted, webhooks, batches, ended, keys]) {
  process.stderr.write(`Freezing ${state.name} ...\n`);
  await freeze(state, build.value, recordings);
}
