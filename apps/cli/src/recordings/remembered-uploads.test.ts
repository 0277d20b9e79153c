import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RememberedUploads } from './remembered-uploads.ts';

let folder: string;
let recording: string;
let uploads: RememberedUploads;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-remembered-'));
  recording = join(folder, 'talk.wav');
  await writeFile(recording, 'first');
  uploads = new RememberedUploads(join(folder, 'uploads'), 'http://a');
});
afterEach(() => rm(folder, { recursive: true }));

it('finds an upload of the same recording for the same service, until it is forgotten', async () => {
  await uploads.remember(recording, 'u-1');
  expect(await uploads.find(recording)).toBe('u-1');
  expect(await new RememberedUploads(join(folder, 'uploads'), 'http://b').find(recording)).toBeNull();
  await uploads.forget(recording);
  expect(await uploads.find(recording)).toBeNull();
});

it('does not find one of a recording that has changed since', async () => {
  await uploads.remember(recording, 'u-1');
  await utimes(recording, new Date(), new Date(Date.now() + 5_000));
  expect(await uploads.find(recording)).toBeNull();
});

it('forgets what is a week old', async () => {
  await uploads.remember(recording, 'u-1');
  const [file = ''] = await readdir(join(folder, 'uploads'));
  const old = new Date(Date.now() - 8 * 24 * 3_600_000);
  await utimes(join(folder, 'uploads', file), old, old);
  const other = join(folder, 'other.wav');
  await writeFile(other, 'x');
  await uploads.remember(other, 'u-2');
  expect(await readdir(join(folder, 'uploads'))).toHaveLength(1);
  expect(await uploads.find(recording)).toBeNull();
});

it('goes without where nothing can be written', async () => {
  const nowhere = new RememberedUploads(join(recording, 'uploads'), 'http://a');
  await nowhere.remember(recording, 'u-1');
  expect(await nowhere.find(recording)).toBeNull();
  await nowhere.forget(recording);
});
