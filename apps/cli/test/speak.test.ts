import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type Service, speak, startService } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

jest.setTimeout(120_000);

let service: Service;
let home: Home;
const sotto = (...args: string[]): Promise<Finished> => run(home, ['speak', '--server', service.url, ...args]);
const dub = (...args: string[]): Promise<Finished> => run(home, ['dub', '--server', service.url, ...args]);
const inHome = (name: string) => join(home.folder, name);

beforeAll(async () => {
  service = await startService({ roles: [['prepare', 'speak', 'transcribe']] });
  home = await makeHome();
  await writeFile(inHome('text.txt'), 'This is read from a file. It has two sentences.');
});
afterAll(async () => {
  await service.close({ leftovers: true });
  await home.remove();
});

it('writes what it speaks into a file whose name tells the format', async () => {
  const { code, stderr } = await sotto(inHome('text.txt'), '-o', inHome('out.wav'));
  expect({ code, stderr: stderr.trim() }).toEqual({ code: 0, stderr: inHome('out.wav') });
  const wav = await readFile(inHome('out.wav'));
  expect(wav.subarray(0, 4).toString()).toBe('RIFF');
  const data = wav.indexOf('data');
  expect(wav.readUInt32LE(data + 4)).toBe(wav.length - data - 8);
  expect((await sotto(inHome('text.txt'), '-o', inHome('out.flac'), '--speed', '1.5')).code).toBe(0);
  expect((await readFile(inHome('out.flac'))).subarray(0, 4).toString()).toBe('fLaC');
});

it('reads Markdown and SSML by their names', async () => {
  await writeFile(inHome('broken.ssml'), '<speak>Hello');
  const broken = await sotto(inHome('broken.ssml'), '-o', inHome('broken.mp3'));
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(/invalid/i);
  await writeFile(inHome('book.md'), '# A title\n\nSome *text*.');
  expect((await sotto(inHome('book.md'), '-o', inHome('book.opus'))).code).toBe(0);
  expect((await readFile(inHome('book.opus'))).subarray(0, 4).toString()).toBe('OggS');
});

it('says what it cannot do', async () => {
  expect((await sotto(inHome('no-such-file'), '-o', inHome('a.mp3'))).code).toBe(4);
  expect((await sotto(inHome('text.txt'), '-o', inHome('a.exe'))).code).toBe(2);
  expect((await sotto(inHome('text.txt'), '-o', inHome('a.mp3'), '--speed', '9')).code).toBe(2);
  const unknown = await sotto(inHome('text.txt'), '-o', inHome('a.mp3'), '--voice', 'nobody');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(/nobody/);
});

it('dubs a recording, and what a job has transcribed', async () => {
  const said = await speak('hello world one two three', { speed: 130, path: inHome('talk.wav') });
  const first = await dub(said.path, '-o', inHome('dub.wav'), '--quiet', '--voice', 'espeak');
  expect({ code: first.code, stderr: first.stderr.trim() }).toEqual({ code: 0, stderr: inHome('dub.wav') });
  // 22050 Hz, 16 bits: as long as the recording is.
  const seconds = ((await readFile(inHome('dub.wav'))).length - 44) / 44_100;
  const { job_id: id, duration = Number.POSITIVE_INFINITY } = await newestJob('transcription');
  expect(seconds).toBeGreaterThanOrEqual(duration - 0.1);
  const again = await dub(id, '-o', inHome('dub.flac'));
  expect({ code: again.code, progress: again.stderr.includes('dubbing: 100 %') }).toEqual({ code: 0, progress: true });
  expect((await readFile(inHome('dub.flac'))).subarray(0, 4).toString()).toBe('fLaC');
  expect((await dub(id, '-o', inHome('a.wav'), '--cast', 'nobody=espeak')).stderr).toMatch(/nobody/);
  expect((await dub(id, '-o', inHome('a.wav'), '--cast', 'nobody')).code).toBe(2);
});

async function newestJob(kind: string): Promise<{ job_id: string; kind: string; duration?: number }> {
  const { jobs } = (await (await fetch(`${service.url}/jobs`)).json()) as { jobs: { job_id: string; kind: string }[] };
  const found = jobs.find((job) => job.kind === kind);
  if (found === undefined) throw new Error(`There is no job of kind ${kind}.`);
  return found;
}
