import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WORKER_PROTOCOL } from '@sotto/contracts';
import { concat, noise, pause, speakPhrase, tone, waitFor, writeWav } from '@sotto/testkit';
import { Fleet } from './fleet.ts';

jest.setTimeout(120_000);

let fleet: Fleet;

beforeAll(async () => {
  fleet = await Fleet.start({ roles: [['prepare', 'transcribe']] });
});

afterAll(() => fleet.close());

async function recording(name: string, ...parts: Int16Array[]): Promise<string> {
  const path = join(fleet.folder, name);
  await writeWav(path, concat(...parts));
  return path;
}

it('tells of its engine, and of its speed once it has worked', async () => {
  const told = async () => (await fleet.heartbeats.list())[0];
  await waitFor(async () => (await told())?.state === 'ready', { what: 'a worker that is ready' });
  const phrase = await speakPhrase({ text: 'one two', voice: 'en-us', speed: 140 });
  await fleet.transcribe(await recording('speed.wav', phrase.samples));
  await waitFor(async () => typeof (await told())?.engines[0]?.speed === 'number', { what: 'its speed' });
  const beat = await told();
  expect(beat).toMatchObject({ protocol: WORKER_PROTOCOL, roles: ['prepare', 'transcribe'] });
  expect(beat?.engines).toMatchObject([
    { kind: 'transcribe', device: 'cpu', defaultModel: 'sotto-nano', models: [{ name: 'sotto-nano', loaded: true }] },
  ]);
  const metrics = await (await fetch(String(beat?.metricsUrl))).text();
  expect(metrics).toMatch(
    new RegExp(`^sotto_worker_slots\\{.*engine="transcribe".*\\} ${beat?.engines[0]?.slots}$`, 'm'),
  );
  expect(metrics).toMatch(/^sotto_worker_rtfx\{.*engine="transcribe".*\} \d/m);
});

describe('a recording through the pipeline', () => {
  it('becomes its text, with times, and leaves no blob', async () => {
    const phrase = await speakPhrase({ text: 'one two three four', voice: 'en-us', speed: 140 });
    const path = await recording('phrase.wav', pause(1500), phrase.samples, pause(1000));
    const transcript = await fleet.transcribe(path);
    expect(transcript).toMatchObject({ text: 'one two three four', language: 'en', model: 'sotto-nano' });
    // Whole milliseconds that have all their samples.
    expect(transcript.durationMs).toBe(2500 + Math.floor(phrase.samples.length / 16));
    expect(transcript.segments[0]?.startMs).toBeGreaterThan(1200);
    expect(transcript.segments.flatMap((segment) => segment.words).map(({ word }) => word.trim())).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
    expect(transcript.warnings).toMatchObject([{ code: 'model' }]);
    await fleet.noBlobs();
  });

  it('finds nothing in silence, noise and a tone, and calls that a result', async () => {
    const still = await recording('silence.wav', pause(60_000));
    expect(await fleet.transcribe(still)).toMatchObject({ text: '', language: null, segments: [], durationMs: 60_000 });
    const noisy = await recording('noise.wav', noise(60_000, 1500));
    expect(await fleet.transcribe(noisy)).toMatchObject({ text: '', language: null, segments: [] });
    const hum = await recording('tone.wav', tone(5000, 120));
    expect(await fleet.transcribe(hum)).toMatchObject({ text: '', segments: [] });
  });

  it('asks several windows for the language, then transcribes all in it', async () => {
    const parts: Int16Array[] = [];
    const words = ['uno dos tres cuatro', 'cinco seis siete', 'ocho nueve diez', 'cero dos cuatro', 'seis ocho diez'];
    for (let i = 0; i < 20; i++) {
      const phrase = await speakPhrase({ text: words[i % words.length] ?? '', voice: 'es', speed: 140 });
      parts.push(phrase.samples, pause(1200));
    }
    const { run } = await fleet.submit(await recording('spanish.wav', ...parts));
    const ended = await fleet.ended(run.id);
    expect(ended).toMatchObject({ status: 'completed', progress: 100 });
    expect(ended.windowsTotal).toBeGreaterThan(1);
    const transcript = await fleet.transcript(run.id);
    expect(transcript?.language).toBe('es');
    expect(transcript?.languageProbability).toBeGreaterThan(0.8);
  });

  it('says what was wrong with a recording it cannot read, and leaves nothing', async () => {
    const path = await recording('short.wav', tone(20));
    const { run } = await fleet.submit(path);
    expect(await fleet.ended(run.id)).toMatchObject({ status: 'failed', error: { code: 'audio_too_short' } });
    await fleet.noBlobs();
  });
});
