import { appendFile, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Child, type Service, speak, startService, waitFor, writeInFormat } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

const ENGLISH = 'hello world one two three';
const GERMAN = 'eins zwei drei vier';
const TRANSPORT_STREAM = { extension: 'ts', container: 'mpegts', sound: ['-c:a', 'aac', '-f', 'mpegts'] };

describe('sotto watch', () => {
  let service: Service;
  let home: Home;
  let folder: string;
  let english: string;
  let german: string;
  const watching: Child[] = [];

  beforeAll(async () => {
    service = await startService();
    english = (await speak(ENGLISH, { voice: 'en-us', speed: 130 })).path;
    german = (await speak(GERMAN, { voice: 'de', speed: 130 })).path;
  });
  afterAll(() => service?.close());
  beforeEach(async () => {
    home = await makeHome();
    folder = join(home.folder, 'in');
    await mkdir(folder);
  });
  afterEach(async () => {
    await Promise.all(watching.splice(0).map((child) => child.stop()));
    await home.remove();
  });

  async function watch(...args: string[]): Promise<Child> {
    const child = await home.sotto(['watch', folder, '--settle', '0.6', ...args], { SOTTO_SERVER: service.url });
    watching.push(child);
    await waitFor(() => child.stderr.includes('Watching'), { what: 'the watch to begin', timeoutMs: 30_000 });
    return child;
  }

  const text = async (...path: string[]): Promise<string | null> =>
    (await readFile(join(...path), 'utf8').catch(() => null))?.trim() ?? null;
  const appears = (...path: string[]): Promise<string> =>
    waitFor(() => text(...path), { what: path.join('/'), timeoutMs: 30_000 }) as Promise<string>;
  const jobsMade = async (): Promise<number> =>
    ((await (await fetch(`${service.url}/jobs?limit=100`)).json()) as { jobs: unknown[] }).jobs.length;

  it('transcribes what is there and what comes, beside it, until Ctrl-C', async () => {
    await copyFile(english, join(folder, 'first.wav'));
    await writeFile(join(folder, 'notes.txt'), 'no recording');
    await copyFile(german, join(folder, '.hidden.wav'));
    const child = await watch();
    expect(await appears(folder, 'first.txt')).toBe(ENGLISH);
    await copyFile(german, join(folder, 'second.WAV'));
    expect(await appears(folder, 'second.txt')).toBe(GERMAN);
    child.signal('SIGINT');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    const names = ['.hidden.wav', 'first.txt', 'first.wav', 'notes.txt', 'second.WAV', 'second.txt'];
    expect((await readdir(folder)).sort()).toEqual(names);
  });

  it('tells television from source code of the same extension', async () => {
    await writeFile(join(folder, 'code.ts'), 'export const answer = 42;\n');
    await writeInFormat(TRANSPORT_STREAM, english, join(folder, 'film.ts'));
    await writeInFormat(TRANSPORT_STREAM, german, join(folder, 'later.mts'));
    const child = await watch();
    expect([await appears(folder, 'film.txt'), await appears(folder, 'later.txt')]).toEqual([ENGLISH, GERMAN]);
    expect(child.stderr).not.toContain('code.ts');
  });

  it('waits until a file has finished growing', async () => {
    const whole = await readFile(english);
    const child = await watch('-f', 'json');
    const path = join(folder, 'growing.wav');
    await writeFile(path, whole.subarray(0, 1_000));
    const parts = 8;
    for (let part = 0; part < parts; part += 1) {
      const [from, to] = [part, part + 1].map((at) => 1_000 + Math.round(((whole.length - 1_000) * at) / parts));
      // A recorder at work: its pauses are shorter than what counts as complete.
      const before = await stat(path);
      await appendFile(path, whole.subarray(from, to));
      await waitFor(async () => Date.now() - before.mtimeMs > 300, { what: 'the recorder', intervalMs: 20 });
      expect(await text(folder, 'growing.json')).toBeNull();
    }
    expect(JSON.parse(await appears(folder, 'growing.json'))).toMatchObject({ text: ENGLISH });
    expect(child.stderr.match(/growing\.wav/g)).toHaveLength(1);
  });

  it('does nothing again after a restart, but what has changed', async () => {
    const output = join(home.folder, 'out');
    await mkdir(join(folder, 'deep'));
    await copyFile(english, join(folder, 'deep', 'talk.wav'));
    await copyFile(german, join(folder, 'other.wav'));
    const first = await watch('-r', '-o', output);
    expect([await appears(output, 'deep', 'talk.txt'), await appears(output, 'other.txt')]).toEqual([ENGLISH, GERMAN]);
    await first.stop();
    const before = await jobsMade();
    const again = await watch('-r', '-o', output);
    await copyFile(english, join(folder, 'other.wav'));
    await waitFor(async () => (await text(output, 'other.txt')) === ENGLISH, {
      what: 'the new text',
      timeoutMs: 30_000,
    });
    expect(again.stderr).not.toContain('talk.wav');
    expect(await jobsMade()).toBe(before + 1);
  });

  it('goes on after a recording that is none, and after an outage of the service', async () => {
    const child = await watch();
    await writeFile(join(folder, 'broken.mp3'), 'These are words. '.repeat(100));
    await waitFor(() => child.stderr.includes('broken.mp3: The file is not audio or video.'), { what: 'the refusal' });
    await service.apis[0]?.process.stop();
    await copyFile(english, join(folder, 'late.wav'));
    await waitFor(() => child.stderr.includes('trying again'), { what: 'the outage to be met', timeoutMs: 30_000 });
    service.apis.pop();
    await service.addApi({ PORT: new URL(child.stderr.match(/http:[^ ]+/)?.[0] ?? '').port });
    expect(await appears(folder, 'late.txt')).toBe(ENGLISH);
  });

  it('ends with 4 when there is no such folder, and with 3 when it is turned away', async () => {
    expect(await run(home, ['watch', join(home.folder, 'nowhere')])).toMatchObject({ code: 4 });
    const locked = await startService({
      workers: 0,
      apiEnv: { ENABLE_API_KEY: 'true', API_KEY: 'a-key-of-this-test' },
    });
    try {
      await copyFile(english, join(folder, 'a.wav'));
      const refused = await run(home, ['watch', folder, '--settle', '0.1', '-s', locked.url]);
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('An API key is required.') });
    } finally {
      await locked.close();
    }
  });
});
