/** Who speaks when, of real voices and of espeak's, through the real networks. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import {
  cacheFolder,
  concat,
  describeWith,
  mustRun,
  noise,
  pause,
  type Resource,
  realRecordings,
  speak,
} from '@sotto/testkit';
import { installSpeakerModel, SpeakerNetworks } from '@sotto/whisper';
import {
  diarizationErrors,
  diarize,
  errorRate,
  type HeardPiece,
  hearPiece,
  hearRecording,
  joinPieces,
  planRecording,
  readRttm,
} from '../src/index.ts';

jest.setTimeout(300_000);

const OPTIONS = { threads: 2 };

async function networksOf(): Promise<Resource<SpeakerNetworks>> {
  try {
    return { value: SpeakerNetworks.load(await installSpeakerModel(await cacheFolder('models', 'speakers'))) };
  } catch (error) {
    const problem = error instanceof SottoError ? error.detail : String(error);
    if (/SHA-256|cannot be read|not been built/.test(problem)) throw error;
    return { skipped: problem };
  }
}

/** Two voices of espeak's that take turns, and when they speak. */
async function dialogue() {
  const sentences = [
    'The quick brown fox jumps over the lazy dog, and nobody saw it happen.',
    'I have been waiting here for more than half an hour, where have you been.',
    'There was a tree on the road, so that we had to take the long way round.',
    'That is what you said last time, and the time before it as well.',
  ];
  const parts: Int16Array[] = [];
  const truth = [];
  let samples = 0;
  for (const [index, text] of sentences.entries()) {
    const who = index % 2 === 0 ? { voice: 'en-us+m3', pitch: 30 } : { voice: 'en-us+f2', pitch: 75 };
    const spoken = (await speak(text, { ...who, speed: 150 })).samples;
    truth.push({ start: samples / 16_000, end: (samples + spoken.length) / 16_000, speaker: who.voice });
    parts.push(spoken, pause(600));
    samples += spoken.length + 600 * 16;
  }
  return { samples: concat(...parts), truth };
}

const networks = await networksOf();

describeWith(networks, 'a dialogue of two voices', (own) => {
  it('has two speakers and their turns, found by itself', async () => {
    const { samples, truth } = await dialogue();
    const { turns, voices } = diarize(await hearRecording(own, samples, OPTIONS));
    const errors = diarizationErrors(truth, turns, samples.length / 16_000);
    expect(errors).toMatchObject({ trueSpeakers: 2, foundSpeakers: 2 });
    expect(errorRate(errors)).toBeLessThan(0.15);
    expect(voices).toHaveLength(2);
    expect(turns[0]?.speaker).toBe(0);
  });

  it('has as many speakers as hints say', async () => {
    const { samples } = await dialogue();
    const heard = await hearRecording(own, samples, OPTIONS);
    const speakersWith = (hints: Parameters<typeof diarize>[1]) =>
      new Set(diarize(heard, hints).turns.map(({ speaker }) => speaker)).size;
    expect(speakersWith({ count: 1 })).toBe(1);
    expect(speakersWith({ most: 1 })).toBe(1);
    expect(speakersWith({ least: 2, most: 2 })).toBe(2);
    expect(diarize(heard, { least: 3 }).voices.length).toBeGreaterThanOrEqual(2);
  });

  it('is the same from pieces that were heard in any order, twice, or by one thread', async () => {
    const { samples } = await dialogue();
    const plan = planRecording(samples.length, { stepSeconds: 1, pieceSeconds: 6 });
    expect(plan.pieces.length).toBeGreaterThan(1);
    const hear = (index: number, threads: number) => {
      const piece = plan.pieces[index];
      if (piece === undefined) throw new RangeError(`no piece ${index}`);
      return hearPiece(own, plan, piece, samples.slice(piece.startSample, piece.endSample), { threads });
    };
    const forwards: HeardPiece[] = [];
    for (const { index } of plan.pieces) forwards.push(await hear(index, 2));
    const backwards: HeardPiece[] = [];
    for (const { index } of plan.pieces.toReversed()) backwards.unshift(await hear(index, 1));
    expect(backwards).toEqual(forwards);
    expect(diarize(joinPieces(plan, forwards)).turns.length).toBeGreaterThan(1);
    expect(() => joinPieces(plan, forwards.slice(1))).toThrow(RangeError);
  });

  it('stops between two calls of the networks when it is told to', async () => {
    const { samples } = await dialogue();
    const reason = new Error('enough');
    await expect(hearRecording(own, samples, { ...OPTIONS, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describeWith(networks, 'a recording in which nobody speaks', (own) => {
  it.each([
    ['silence', () => pause(12_000)],
    ['noise', () => noise(12_000, 200)],
    ['one sample', () => new Int16Array(1)],
  ])('has no turns: %s', async (_what, samples) => {
    expect(diarize(await hearRecording(own, samples(), OPTIONS))).toEqual({ turns: [], voices: [] });
    expect(diarize(await hearRecording(own, samples(), OPTIONS), { count: 3 })).toEqual({ turns: [], voices: [] });
  });
});

const NAMES = ['talk_2a', 'talk_3short', 'talk_4a', 'talk_6a'];
const real = realRecordings(...NAMES.flatMap((name) => [`speakers/${name}.ogg`, `speakers/${name}.rttm`]));

describeWith('value' in networks ? real : networks, 'conversations of real voices', (folder) => {
  if ('skipped' in networks) return;
  it.each(NAMES)('%s: the right number of speakers, and at most 12 %% of the time wrong', async (name) => {
    const path = join(folder as string, 'speakers', name);
    const bytes = await mustRun('ffmpeg', [
      '-v',
      'error',
      '-i',
      `${path}.ogg`,
      '-ac',
      '1',
      '-ar',
      '16000',
      '-f',
      's16le',
      '-',
    ]);
    const samples = new Int16Array(Uint8Array.from(bytes).buffer);
    const truth = readRttm(await readFile(`${path}.rttm`, 'utf8'));
    const heard = await hearRecording(networks.value, samples, OPTIONS);
    const errors = diarizationErrors(truth, diarize(heard).turns, samples.length / 16_000);
    expect(errors.foundSpeakers).toBe(errors.trueSpeakers);
    expect(errorRate(errors)).toBeLessThan(0.12);
  });
});

describe('a plan', () => {
  it('of a recording shorter than a chunk is one piece', () => {
    expect(planRecording(1)).toMatchObject({ chunks: 1, slots: 1, pieces: [{ startSample: 0, endSample: 1 }] });
  });
});
