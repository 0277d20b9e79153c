import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { describeWith, mustRun, pythonPackages, type Service, startService, temporaryFolder } from '@sotto/testkit';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { expectHeard } from './support/speech.ts';
import { secondsOf } from './support/spoken.ts';

jest.setTimeout(120_000);

const CLIENT = fileURLToPath(new URL('./support/openai-client.py', import.meta.url));

let service: Service;
let one: SpokenRecording;
let folder: string;

beforeAll(async () => {
  [service, one, folder] = await Promise.all([
    startService({ roles: [['prepare', 'transcribe', 'speak']] }),
    recording(11),
    temporaryFolder('openai-python'),
  ]);
});
afterAll(async () => {
  await service?.close({ leftovers: true });
  await rm(folder, { recursive: true, force: true });
});

interface Told {
  files: { mp3: string; wav: string };
  events: { seconds: number; last: string };
  refused: { status: number; param?: string; message?: string };
  own_voices: { consents: string[]; unknown: number };
  models: string[];
  transcript: string;
}

describeWith(
  await pythonPackages({ name: 'openai-3.57.0', requirements: ['openai==3.57.0'], modules: ['openai'] }),
  "OpenAI's client for Python",
  (env) => {
    it('has texts spoken, whole and as events, and a recording transcribed', async () => {
      const path = join(folder, 'recording.wav');
      await writeFile(path, one.wav);
      const output = await mustRun('python3', [CLIENT, `${service.url}/v1`, path, folder], {
        env: { ...process.env, ...env },
        timeoutMs: 90_000,
      });
      const { files, events, refused, own_voices, models, transcript } = JSON.parse(String(output)) as Told;
      const seconds = await secondsOf(await readFile(files.wav));
      expect(seconds).toBeGreaterThan(3);
      expect(await secondsOf(await readFile(files.mp3))).toBeCloseTo(seconds, 0);
      expect(events.seconds).toBeCloseTo(seconds, 0);
      expect(events.last).toBe('speech.audio.done');
      expect(refused).toMatchObject({ status: 400, param: 'voice', message: expect.stringContaining('nobody') });
      expect(own_voices).toEqual({ consents: [], unknown: 404 });
      expect(models).toContain('sotto-nano');
      expectHeard(transcript, one.text);
    });
  },
);
