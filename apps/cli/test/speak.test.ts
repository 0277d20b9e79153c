import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
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

it('speaks words', async () => {
  expect((await sotto('These are words.', '-o', inHome('words.mp3'))).code).toBe(0);
  expect((await readFile(inHome('words.mp3'))).length).toBeGreaterThan(1_000);
});

describe('own voices', () => {
  const voices = (...args: string[]): Promise<Finished> => run(home, ['voices', ...args, '--server', service.url]);
  const id = `voice_${'0a'.repeat(16)}`;
  const consent = `cons_${'0b'.repeat(16)}`;

  beforeAll(async () => {
    const common = { createdAtMs: Date.UTC(2026, 0, 2), blobKey: 'voices/none' };
    const heard = { model: 'community-1', embedding: Buffer.alloc(1024, 1).toString('base64') };
    const nearest = { voice: 'af_heart', similarity: 0.31 };
    const mix = [{ voice: 'af_heart', share: 1 }];
    const matched = { engine: 'kokoro', mix, language: 'en-us', similarity: 0.42, nearest };
    const jobId = '4a0d50ae-0c55-4b8a-9d0f-0f6f5d1c2b3a';
    await service.redis.client().hset(`${service.prefix}:own-voices:-`, {
      [consent]: JSON.stringify({ ...common, ...heard, id: consent, name: 'Anna', language: 'en-US' }),
      [id]: JSON.stringify({ ...common, id, name: 'Anna', consent, jobId, matched }),
    });
  });

  it('are listed, renamed and deleted, and so are consents', async () => {
    expect((await voices('own')).stdout).toMatch(new RegExp(`^${id} +ready +0\\.42 +0 +${consent} +Anna$`, 'm'));
    expect((await voices('consents')).stdout).toMatch(new RegExp(`^${consent} +2026-01-02 +en-US +Anna$`, 'm'));
    // Errors of OpenAI's calls are said in words, too.
    const made = await voices('add', 'Anna', '--sample', inHome('text.txt'), '--consent', consent);
    expect([made.code, made.stderr]).toEqual([1, expect.stringMatching(/^(?!.*HTTP).*voices install kokoro/)]);
    expect((await voices('rename', id, 'Dora')).code).toBe(0);
    expect(await (await fetch(`${service.url}/voices/${id}`)).json()).toMatchObject({ name: 'Dora' });
    const deleted = await voices('delete', `voice_${'0c'.repeat(16)}`, consent);
    expect([deleted.code, deleted.stderr]).toEqual([1, expect.stringContaining(`${consent} is deleted.`)]);
    expect(await service.redis.client().exists(`${service.prefix}:own-voices:-`)).toBe(0);
  });
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
