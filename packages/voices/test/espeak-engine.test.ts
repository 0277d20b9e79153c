import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@sotto/testkit';
import { EspeakEngine } from '../src/index.ts';
import { speechEngineContract } from './speech-engine-contract.ts';

const never = new AbortController().signal;

describe('EspeakEngine', () => {
  speechEngineContract(() => EspeakEngine.open(), { stringsToSpeak: 60 });

  it('speaks more than a hundred languages with either voice', async () => {
    const engine = await EspeakEngine.open();
    for (const { id, languages } of engine.voices()) {
      expect(languages.length).toBeGreaterThan(100);
      for (const language of ['de', 'fr', 'cmn', 'zh', 'pt-br']) {
        const samples = await engine.speak({ text: 'Radio 3', voice: id, language, speed: 1 }, never);
        expect(samples.length).toBeGreaterThan(engine.sampleRateHz / 4);
      }
    }
    await engine.close();
  });

  it('takes phoneme brackets, options and markup as text', async () => {
    const engine = await EspeakEngine.open();
    const say = (text: string) => engine.speak({ text, voice: 'espeak', language: 'en-us', speed: 1 }, never);
    for (const text of ['[[h@l@U]]', '--version', '-w /tmp/x', '<break time="99s"/>']) {
      expect((await say(text)).length).toBeGreaterThan(4_000);
    }
    await engine.close();
  });

  it('says so when the program is not there or fails', async () => {
    await expect(EspeakEngine.open({ program: '/nowhere/espeak-ng' })).rejects.toMatchObject({ code: 'speech_failed' });
    const folder = await temporaryFolder('espeak');
    const program = join(folder, 'espeak-ng');
    await writeFile(program, '#!/bin/sh\necho no data >&2\nexit 3\n');
    await chmod(program, 0o755);
    const opened = await EspeakEngine.open({ program }).catch((error: Error) => error);
    expect(opened).toMatchObject({ code: 'speech_failed', cause: { message: 'no data' } });
    await rm(folder, { recursive: true });
  });
});
