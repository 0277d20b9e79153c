import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, speak, startService, waitFor } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

let home: Home;
let service: Service;
let recording: string;

beforeAll(async () => {
  [home, service] = await Promise.all([makeHome(), startService({ apiEnv: { DATABASE_URL: 'pglite:library' } })]);
  recording = join(home.folder, 'counting.wav');
  await speak('hello world one two three', { voice: 'en-us', speed: 130, path: recording });
  await waitFor(async () => (await fetch(`${service.url}/library`)).status === 200, {
    what: 'the library',
    timeoutMs: 60_000,
  });
});

afterAll(async () => {
  await service?.close();
  await home?.remove();
});

const sotto = (...args: string[]): Promise<Finished> => run(home, args, { SOTTO_SERVER: service.url });
const listed = async () =>
  JSON.parse((await sotto('library', 'list', '--json')).stdout) as { id: string; status: string }[];

describe('sotto library', () => {
  it('lists, searches, shows, exports, deletes and imports', async () => {
    expect((await sotto('library')).stderr).toContain('There is nothing.');
    const sent = await sotto('transcribe', '--keep', '--language', 'en', recording);
    expect(sent.code).toBe(0);
    const text = sent.stdout.trim();
    const [item] = await waitFor(async () => ((await listed())[0]?.status === 'completed' ? listed() : null), {
      what: 'the transcript to be kept',
    });
    const id = item?.id ?? '';
    expect((await sotto('library', 'list')).stdout).toMatch(new RegExp(`${id}.*counting`));
    const word = text.split(/\W+/).find((one) => one.length > 2) ?? '';
    expect((await sotto('library', 'search', word)).stdout).toMatch(new RegExp(`${id}  counting\n  00:00:0\\d  `));
    expect((await sotto('library', 'search', 'nowhere')).stderr).toContain('Nothing was found.');
    expect((await sotto('library', 'show', id)).stdout.trim()).toBe(text);
    expect(JSON.parse((await sotto('library', 'show', '--json', id)).stdout)).toMatchObject({ id, title: 'counting' });

    const archive = join(home.folder, 'mine.zip');
    expect(await sotto('library', 'export', archive)).toMatchObject({ code: 0, stdout: archive });
    expect((await readFile(archive)).subarray(0, 2).toString()).toBe('PK');
    expect((await sotto('library', 'delete', id)).stderr).toContain('is deleted');
    expect(await sotto('library', 'show', id)).toMatchObject({ code: 1 });
    expect((await sotto('library', 'import', archive)).stderr).toContain('1 imported');
    expect((await sotto('library', 'import', archive)).stderr).toContain('1 were there already');
    const [again] = await listed();
    expect((await sotto('library', 'show', again?.id ?? '')).stdout.trim()).toBe(text);
    await sotto('library', 'delete', again?.id ?? '');
    await rm(archive);
  });

  it('says what it cannot read', async () => {
    expect(await sotto('library', 'import', join(home.folder, 'none.zip'))).toMatchObject({ code: 4 });
    const other = join(home.folder, 'other.zip');
    await writeFile(other, 'no archive');
    expect((await sotto('library', 'import', other)).stderr).toContain('not a ZIP archive');
  });
});
