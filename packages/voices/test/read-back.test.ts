import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { baseModelDir, describeWith, ffmpeg, type Resource, readWav, wordErrorRate } from '@sotto/testkit';
import { WhisperModel } from '@sotto/whisper';
import { type Engines, openEngines } from '../src/index.ts';
import { voicesFolder } from './installed-voices.ts';

jest.setTimeout(600_000);

/** Without numbers, which a listener may write in more than one way. */
const SENTENCES = [
  'When the bell rang, the children ran outside and played in the snow.',
  'She bought three apples, a loaf of bread, and some cheese at the market.',
  'Michael wrote a long letter to his grandmother in Edinburgh.',
  'Could you tell me, in a few words, what happened after the storm?',
  'Turn left at the church, then take the second road on the right.',
];

/** Of all words, what each voice may get wrong. */
const MOST_ERRORS = [
  ['af_heart', 0.03],
  ['joe', 0.1],
] as const;

async function everything(): Promise<Resource<{ voices: string; model: string }>> {
  const [kokoro, joe, model] = [await voicesFolder('kokoro'), await voicesFolder('joe'), await baseModelDir()];
  if ('skipped' in kokoro) return kokoro;
  if ('skipped' in joe) return joe;
  return 'skipped' in model ? model : { value: { voices: joe.value, model: join(model.value, 'ggml-base.bin') } };
}

describeWith(await everything(), 'what is spoken', (places) => {
  let engines: Engines;
  let whisper: WhisperModel;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-read-back-'));
    engines = await openEngines({ dir: places.voices });
    const settings = { device: 'cpu', slots: 1, threads: 2, backend: 'auto' } as const;
    whisper = await WhisperModel.load(places.model, settings);
  });
  afterAll(async () => {
    await whisper.close();
    await engines.close();
    await rm(folder, { recursive: true });
  });

  async function heard(samples: Int16Array, sampleRateHz: number): Promise<string> {
    const [raw, wav] = [join(folder, 'raw'), join(folder, 'wav.wav')];
    await writeFile(raw, samples);
    const input = ['-f', 's16le', '-ar', `${sampleRateHz}`, '-ac', '1', '-i', raw];
    await ffmpeg(...input, '-ar', '16000', '-c:a', 'pcm_s16le', wav);
    const search = { language: 'en', beamSize: 1, wordTimes: false } as const;
    const { segments } = await whisper.transcribe(await readWav(wav), search);
    return Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes))).toString('utf8');
  }

  it.each(MOST_ERRORS)('is understood: %s with at most %d of the words wrong', async (asked, most) => {
    const { engine: name, voice, language } = engines.resolve({ voice: asked, language: 'auto' });
    const engine = engines.engine(name);
    const texts: string[] = [];
    for (const text of SENTENCES) {
      const samples = await engine.speak({ text, voice, language, speed: 1 }, new AbortController().signal);
      texts.push(await heard(samples, engine.sampleRateHz));
    }
    expect(wordErrorRate(SENTENCES.join(' '), texts.join(' '))).toBeLessThanOrEqual(most);
  });
});
