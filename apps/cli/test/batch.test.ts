import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BrokenLine, concat, encodeWav, pause, type Service, speak, startService, waitFor } from '@sotto/testkit';
import { strFromU8, unzipSync } from 'fflate';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

jest.setTimeout(60_000);

const ENGLISH = 'hello world one two three';
const GERMAN = 'eins zwei drei vier';

let service: Service;
let site: Server;
let home: Home;
let english: string;
let german: string;
let output: string;

beforeAll(async () => {
  service = await startService({ apiEnv: { ALLOWED_NETWORKS: '127.0.0.1/32' } });
  english = (await speak(ENGLISH, { voice: 'en-us', speed: 130 })).path;
  german = (await speak(GERMAN, { voice: 'de', speed: 130 })).path;
  const bytes = await readFile(english);
  site = createServer((_request, response) => response.end(bytes));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  site?.close();
  await service?.close();
});
beforeEach(async () => {
  home = await makeHome();
  output = join(home.folder, 'out');
});
afterEach(() => home.remove());

const batch = (...args: string[]): Promise<Finished> => run(home, ['batch', ...args], { SOTTO_SERVER: service.url });

/** A folder with two recordings, one of them in a folder inside it, and something that is none. */
async function talks(): Promise<string> {
  const folder = join(home.folder, 'talks');
  await mkdir(join(folder, 'deep'), { recursive: true });
  await copyFile(english, join(folder, 'first.wav'));
  await copyFile(german, join(folder, 'deep', 'second.wav'));
  await writeFile(join(folder, 'notes.txt'), 'no recording');
  return folder;
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

const statuses = async (url: string): Promise<string[]> =>
  ((await (await fetch(`${url}/jobs?limit=100`)).json()) as { jobs: { status: string }[] }).jobs.map(
    ({ status }) => status,
  );

describe('sotto batch', () => {
  it('takes files, folders and addresses, and writes each text under a name of its own', async () => {
    const folder = await talks();
    const same = join(home.folder, 'First.mp3');
    await copyFile(german, same);
    const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/a%20talk.wav?token=1`;
    const { code, stdout, stderr } = await batch('-r', '-o', output, address, folder, same);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(await filesIn(output)).toEqual(['First (2).txt', 'a talk.txt', 'deep/second.txt', 'first.txt']);
    const text = async (name: string) => (await readFile(join(output, name), 'utf8')).trim();
    expect(await text('First (2).txt')).toBe(GERMAN);
    expect(await text('a talk.txt')).toBe(ENGLISH);
    expect(await text('deep/second.txt')).toBe(GERMAN);
    expect(await text('first.txt')).toBe(ENGLISH);
    expect(stderr).toContain(`${same} -> ${join(output, 'First (2).txt')}`);
    expect(stderr).toContain('batch: 100 % 4 of 4 transcribed');
  });

  it('leaves folders inside a folder alone unless told otherwise', async () => {
    expect(await batch('-q', '-o', output, await talks())).toMatchObject({ code: 0, stdout: '' });
    expect(await filesIn(output)).toEqual(['first.txt']);
  });

  it('passes options on, and gives any format', async () => {
    const options = ['-f', 'srt', '--max-line-width', '10', '--max-line-count', '1', '-l', 'en'];
    expect(await batch(...options, '-o', output, english)).toMatchObject({ code: 0 });
    const [name] = await filesIn(output);
    expect(name).toMatch(/\.srt$/);
    expect(await readFile(join(output, String(name)), 'utf8')).toContain('\none two\n');
    expect(await batch('-f', 'json', '--words', '-o', output, german)).toMatchObject({ code: 0 });
    const json = (await filesIn(output)).find((file) => file.endsWith('.json'));
    expect(JSON.parse(await readFile(join(output, String(json)), 'utf8'))).toMatchObject({ words: { length: 4 } });
  });

  it('packs all of them into one ZIP file', async () => {
    const zip = join(home.folder, 'texts.zip');
    const { code, stderr } = await batch('-r', '--zip', zip, await talks());
    expect(code).toBe(0);
    expect(stderr).toContain(`2 of 2 -> ${zip}`);
    const entries = Object.entries(unzipSync(await readFile(zip)));
    expect(entries.map(([name, bytes]) => [name, strFromU8(bytes).trim()]).sort()).toEqual([
      ['first.txt', ENGLISH],
      ['second.txt', GERMAN],
    ]);
    expect(await batch('--zip', zip, '-o', output, english)).toMatchObject({ code: 2, stdout: '' });
  });

  it('goes on after a recording that is none, and ends with 1', async () => {
    const none = join(home.folder, 'none.mp3');
    await writeFile(none, 'This is no recording. '.repeat(100));
    const { code, stderr } = await batch('-o', output, none, english);
    expect(code).toBe(1);
    expect(stderr).toContain(`${none}: The file is not audio or video.`);
    expect(await filesIn(output)).toHaveLength(1);
    const alone = await batch('-o', output, none);
    expect(alone).toMatchObject({ code: 1, stdout: '' });
    expect(alone.stderr).toContain(`${none}: The file is not audio or video.`);
  });

  it('says which results it cannot write', async () => {
    await writeFile(output, 'This is no folder.');
    const { code, stderr } = await batch('-q', '-o', output, english);
    expect(code).toBe(1);
    expect(stderr).toContain(`${english}: ${output}/`);
    expect(stderr).toContain('cannot be written');
  });

  it('ends with 4 before anything is sent when something cannot be read, and with 3 when nothing answers', async () => {
    const before = (await statuses(service.url)).length;
    const empty = join(home.folder, 'empty');
    await mkdir(empty);
    expect(await batch(english, 'missing.wav')).toMatchObject({
      code: 4,
      stderr: 'missing.wav: there is no such file',
    });
    expect(await batch(english, empty)).toMatchObject({
      code: 4,
      stderr: `${empty}: there are no recordings in this folder`,
    });
    expect(await batch()).toMatchObject({ code: 2 });
    expect((await statuses(service.url)).length).toBe(before);
    const lost = await run(home, ['batch', english], { SOTTO_SERVER: home.url });
    expect(lost).toMatchObject({ code: 3, stderr: expect.stringContaining('No Sotto answers') });
  });

  it('cancels what has not ended when it is interrupted, and ends with 130', async () => {
    // Without a worker nothing is ever finished.
    const idle = await startService({ workers: 0 });
    try {
      const child = await home.sotto(['batch', '-o', output, english, german], { SOTTO_SERVER: idle.url });
      await waitFor(async () => (await statuses(idle.url)).length === 2, { what: 'the batch to be there' });
      child.signal('SIGINT');
      expect((await child.ended).code).toBe(130);
      expect(child.stderr).toContain('The batch is cancelled.');
      expect(await statuses(idle.url)).toEqual(['cancelled', 'cancelled']);
    } finally {
      await idle.close();
    }
  });
});

describe('a batch that is interrupted', () => {
  it('keeps the results that it has written', async () => {
    const slow = await startService();
    const toSlow = { SOTTO_SERVER: slow.url };
    try {
      expect(await run(home, ['transcribe', '-q', english], toSlow)).toMatchObject({ code: 0, stdout: ENGLISH });
      await slow.workers[0]?.process.stop();
      slow.workers.pop();
      const child = await home.sotto(['batch', '-o', output, english, german], toSlow);
      await waitFor(async () => (await filesIn(output)).length === 1, { what: 'the first text', timeoutMs: 30_000 });
      child.signal('SIGINT');
      expect((await child.ended).code).toBe(130);
      expect((await statuses(slow.url)).sort()).toEqual(['cancelled', 'completed', 'completed']);
      expect(await filesIn(output)).toHaveLength(1);
      // Workers tell that a batch has ended.
      await slow.addWorker();
    } finally {
      await slow.close();
    }
  });
});

describe('a batch for a service far away', () => {
  it('continues with its large recordings after an interrupt, and leaves nothing half-made behind', async () => {
    const { samples } = await speak(ENGLISH, { voice: 'en-us', speed: 130 });
    const large = join(home.folder, 'large.wav');
    // 19 MB, of which 10 minutes are silence.
    await writeFile(large, encodeWav(concat(samples, pause(600_000))));
    const line = await BrokenLine.to(service.url);
    try {
      const before = (await statuses(service.url)).length;
      line.holdAt(12_000_000);
      const child = await home.sotto(['batch', '-o', output, '-s', line.url, german, large]);
      await waitFor(() => line.sentBytes > 10_000_000, { what: 'half of it to be sent' });
      child.signal('SIGINT');
      expect((await child.ended).code).toBe(130);
      expect(child.stderr).toContain('The same command continues this upload.');
      expect((await statuses(service.url)).length).toBe(before);
      line.release();
      const sentAtInterrupt = line.sentBytes;
      const again = await run(home, ['batch', '-o', output, '-s', line.url, german, large]);
      expect(again).toMatchObject({ code: 0 });
      expect(line.sentBytes - sentAtInterrupt).toBeLessThan(12_000_000);
      expect((await readFile(join(output, 'large.txt'), 'utf8')).trim()).toBe(ENGLISH);
      expect(await readdir(join(home.folder, 'data', 'uploads'))).toEqual([]);
    } finally {
      await line.close();
    }
  });
});
