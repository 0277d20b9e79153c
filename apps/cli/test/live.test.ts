import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { LiveEvent } from '@sotto/client';
import { concat, encodeWav, pause, type Service, speak, startService, waitFor, wordErrorRate } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

jest.setTimeout(120_000);

const SAID = ['hello world one two three', 'four five six seven'];
const CHUNK_BYTES = 3_200;

describe('sotto live', () => {
  let service: Service;
  let home: Home;
  let pcm: Uint8Array;
  let wav: string;

  beforeAll(async () => {
    service = await startService({ roles: [['prepare', 'transcribe']], workerEnv: { LIVE_SESSIONS: '4' } });
    home = await makeHome();
    const spoken = await Promise.all(SAID.map((text) => speak(text, { voice: 'en-us', speed: 130 })));
    const samples = concat(...spoken.flatMap((one) => [one.samples, pause(900)]));
    pcm = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    wav = join(home.folder, 'said.wav');
    await writeFile(wav, encodeWav(samples));
  });
  afterAll(async () => {
    await service?.close();
    await home?.remove();
  });

  /** As a microphone would say it. `stays`: then it is silent, and does not end. */
  async function* spoken({ stays = false } = {}): AsyncGenerator<Uint8Array> {
    const beganMs = performance.now();
    const silence = new Uint8Array(CHUNK_BYTES);
    for (let at = 0; stays || at < pcm.length; at += CHUNK_BYTES) {
      await delay(Math.max(0, beganMs + at / 32 - performance.now()));
      yield at < pcm.length ? pcm.subarray(at, at + CHUNK_BYTES) : silence;
    }
  }

  const live = (args: string[], input?: Readable) =>
    home.sotto(['live', ...args], { SOTTO_SERVER: service.url }, input);

  it('prints a line for each utterance of what comes from standard input', async () => {
    const child = await live(['-', '-l', 'en'], Readable.from(spoken()));
    expect(await child.ended).toEqual({ code: 0, signal: null });
    const lines = child.stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(wordErrorRate(SAID.join(' '), lines.join(' '))).toBeLessThan(0.35);
  });

  it('prints events as JSON, of a recording at its own pace', async () => {
    const beganMs = performance.now();
    const { code, stdout } = await run(home, ['live', '--json', '-l', 'en', wav], { SOTTO_SERVER: service.url });
    expect(code).toBe(0);
    expect(performance.now() - beganMs).toBeGreaterThan(pcm.length / 32);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LiveEvent);
    expect(events[0]).toMatchObject({ type: 'speech_started', utterance: 0 });
    expect(events.some(({ type }) => type === 'partial')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'ended', reason: 'client' });
  });

  it('says which job all of it becomes', async () => {
    const child = await live(['-', '-l', 'en', '--final-pass'], Readable.from(spoken()));
    expect(await child.ended).toEqual({ code: 0, signal: null });
    const [, jobId = ''] = /job ([0-9a-f-]{36})/.exec(child.stderr) ?? [];
    const ended = async () => {
      const { status } = (await (await fetch(`${service.url}/status/${jobId}`)).json()) as { status: string };
      return status === 'completed';
    };
    await waitFor(ended, { what: 'the job to end', timeoutMs: 60_000 });
    const kept = await live(['-', '--keep'], Readable.from([]));
    expect(await kept.ended).toEqual({ code: 1, signal: null });
    expect(kept.stderr).toContain('library');
  });

  it('hears the rest when it is interrupted', async () => {
    const child = await live(['-', '-l', 'en'], Readable.from(spoken({ stays: true })));
    await waitFor(() => child.stdout.split('\n').length > 1, { what: 'two utterances', timeoutMs: 60_000 });
    child.signal('SIGINT');
    expect(await child.ended).toEqual({ code: 130, signal: null });
    expect(child.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('says what is wrong', async () => {
    const none = join(home.folder, 'none.wav');
    expect(await run(home, ['live', none])).toMatchObject({ code: 4, stderr: expect.stringContaining('no such file') });
    const broken = join(home.folder, 'broken.wav');
    await writeFile(broken, await readFile(new URL(import.meta.url)));
    const { code, stderr } = await run(home, ['live', broken], { SOTTO_SERVER: service.url });
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('ffmpeg: ') });
    const huge = await run(home, ['live', wav, '-m', 'huge'], { SOTTO_SERVER: service.url });
    expect(huge).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Unknown model') });
    expect(await run(home, ['live', '-', '--rate', '12345'])).toMatchObject({ code: 2 });
  });
});
