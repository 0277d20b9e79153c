import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { filesUnder, waitFor } from '@sotto/testkit';
import { Fleet } from './fleet.ts';

jest.setTimeout(60_000);

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start({ env: { CLEANUP_INTERVAL: '3600' } });
});

afterAll(() => fleet.close());

it('removes blobs that no run needs once they are old, and leaves young ones alone', async () => {
  const folder = join(fleet.folder, 'blobs');
  for (const [kind, name] of [
    ['uploads', 'old'],
    ['audio', 'old'],
    ['uploads', 'young'],
  ] as const) {
    const writer = await fleet.blobs.createWriter(kind, name);
    await writer.write(Buffer.from('left behind'));
    await writer.commit();
  }
  const yesterday = new Date(Date.now() - 24 * 3600 * 1000);
  for (const file of await filesUnder(folder)) {
    if (file.endsWith('old')) await utimes(join(folder, file), yesterday, yesterday);
  }
  await fleet.addWorker(['prepare']);
  await waitFor(async () => (await filesUnder(folder)).length === 1, { what: 'the old blobs to go' });
  expect((await filesUnder(folder))[0]).toMatch(/young$/);
});
