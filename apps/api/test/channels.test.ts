/**
 * Each channel of a call transcribed by itself: every word once, with its speaker.
 * @busy It kills a worker, and looks at all that a service stores.
 */

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type WireVerboseTranscript, wireVerboseTranscriptSchema } from '@sotto/contracts';
import {
  describeWith,
  encodeWav,
  ffmpeg,
  filesUnder,
  interleaved,
  pause,
  realRecordings,
  type Service,
  startService,
  temporaryFolder,
  tinyEnModelDir,
  waitFor,
} from '@sotto/testkit';
import { type Call, call, type Said } from './support/dialogue.ts';
import { accepted, ended, listen, statusOf } from './support/jobs.ts';
import { expectError, send, transcribe } from './support/replies.ts';

jest.setTimeout(180_000);

/** -15 dB. */
const ECHO = 0.18;

const recordingOf = ({ channels }: Pick<Call, 'channels'>): Buffer =>
  encodeWav(interleaved(...channels), channels.length);

const codesOf = ({ warnings }: WireVerboseTranscript) =>
  warnings.map(({ code }) => code).filter((code) => code !== 'model');

/** What each speaker says, in the order of the recording. */
const saidBy = ({ words }: WireVerboseTranscript, id: string) =>
  words.filter(({ speaker }) => speaker === id).map(({ word }) => word);

const truthOf = (said: readonly Said[], who: number) =>
  said.filter((turn) => turn.who === who).flatMap(({ words }) => words);

describe('channels=split', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService();
  });

  afterAll(() => service?.close());

  async function told(recording: Uint8Array, fields: Record<string, string> = {}): Promise<WireVerboseTranscript> {
    const asked = { channels: 'split', response_format: 'verbose_json', ...fields };
    const reply = await transcribe(service.url, { bytes: recording }, asked);
    if (reply.status !== 200) throw new Error(reply.text);
    return wireVerboseTranscriptSchema.parse(reply.json);
  }

  async function resultOf(jobId: string): Promise<WireVerboseTranscript> {
    return wireVerboseTranscriptSchema.parse(
      (await send(`${service.url}/jobs/${jobId}/result?format=verbose_json`)).json,
    );
  }

  it.each([
    ['take turns', {}],
    ['take turns, each heard by the other', { echo: ECHO }],
    ['talk at the same time', { pauseMs: -1500 }],
  ])('two people who %s', async (_how, options) => {
    const { said, ...spoken } = await call(6, options);
    const transcript = await told(recordingOf(spoken));
    for (const who of [0, 1]) expect(saidBy(transcript, `SPEAKER_0${who}`)).toEqual(truthOf(said, who));
    expect(transcript.segments.map(({ speaker, text }) => [speaker, text])).toEqual(
      said.map(({ who, words }) => [`SPEAKER_0${who}`, words.join(' ')]),
    );
    expect(transcript.text).toBe(said.map(({ words }) => words.join(' ')).join(' '));
    expect(transcript.speakers?.map(({ id, name, channel, words }) => [id, name, channel, words])).toEqual([
      ['SPEAKER_00', 'Channel 1', 1, 21],
      ['SPEAKER_01', 'Channel 2', 2, 21],
    ]);
    expect(transcript.turns).toHaveLength(6);
    for (const [at, { start, end }] of (transcript.turns ?? []).entries()) {
      expect(Math.abs(start * 1000 - (said[at]?.startMs ?? 0))).toBeLessThan(300);
      expect(Math.abs(end * 1000 - (said[at]?.endMs ?? 0))).toBeLessThan(300);
    }
    expect(codesOf(transcript)).toEqual([]);
  });

  it('speakers are numbered by who speaks first, and named by their channel', async () => {
    const { said, channels } = await call(2);
    const [left = pause(0), right = pause(0)] = channels;
    const id = await accepted(service.url, encodeWav(interleaved(pause(0), right, left), 3), {
      channels: 'split',
      speaker_names: 'Nobody, Ben, Anna',
    });
    await ended(service.url, id);
    const result = async (query: string) => (await send(`${service.url}/jobs/${id}/result?${query}`)).text;
    const lines = said.map(({ who, words }) => `${['Anna', 'Ben'][who]}: ${words.join(' ')}\n`);
    expect(await result('format=text')).toBe(lines.join(''));
    expect(await result('format=text&speaker_names=Nobody,Ben')).toMatch(/^Channel 3: .*\nBen: /);
    expect(await result('format=srt')).toMatch(/\nAnna: .*(?:\n.*)*\nBen: /);
    expect((await result('format=rttm')).split('\n').map((line) => line.split(' ')[7])).toEqual([
      'Anna',
      'Ben',
      undefined,
    ]);
    const again = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
    expectError(await send(`${service.url}/jobs/${id}/speakers`, again), 422, 'invalid_parameter');
  });

  it('texts come in the order of the recording, from both channels', async () => {
    const id = await accepted(service.url, recordingOf(await call(14)), { channels: 'split' });
    const { messages } = await listen(service.url, id);
    const texts = (await messages).filter(({ event }) => event === 'text').map(({ data }) => data);
    const { words } = await resultOf(id);
    const said = texts.flatMap(({ text }) => String(text).trim().split(' '));
    expect(said.toSorted()).toEqual(words.map(({ word }) => word).toSorted());
    // Within a window of a channel, times rise; the next one begins after it, although it goes back behind its end.
    const starts = texts.map(({ start }) => Number(start));
    const firsts = starts.filter((start, at) => at === 0 || start < (starts[at - 1] ?? 0));
    expect(firsts.length).toBeGreaterThan(2);
    expect(firsts).toEqual(firsts.toSorted((one, other) => one - other));
  });

  it.each([
    [{ channels: 'both' }, /^channels/],
    [{ channels: 'split', diarize: 'true' }, /channels=split makes each channel a speaker/],
    [{ channels: 'split', num_speakers: '2' }, /channels=split makes each channel a speaker/],
    [{ channels: 'split', diarize: 'false', max_speakers: '2' }, /channels=split makes each channel a speaker/],
  ])('%j is refused', async (fields, detail) => {
    const reply = await transcribe(service.url, { bytes: encodeWav(pause(1000)) }, fields as Record<string, string>);
    expectError(reply, 422, 'invalid_parameter');
    expect(reply.json?.detail).toMatch(detail);
  });

  it('silence on eight channels is nobody', async () => {
    const silent = encodeWav(interleaved(...Array.from({ length: 8 }, () => pause(3000))), 8);
    expect(await told(silent)).toMatchObject({ text: '', speakers: [], turns: [], segments: [] });
  });

  it('the same sound on two channels is heard once, which a warning says', async () => {
    const { said, channels } = await call(1);
    const [one = pause(0)] = channels;
    const transcript = await told(encodeWav(interleaved(one, one), 2));
    expect(transcript.text).toBe(said[0]?.words.join(' '));
    expect(transcript.speakers).toMatchObject([{ channel: 1, words: 7 }]);
    expect(codesOf(transcript)).toEqual(['channels_alike']);
    expect(codesOf(await told(encodeWav(interleaved(one, one), 2), { vad: 'false', cache: 'false' }))).toEqual([
      'channels_alike',
    ]);
  });

  it('a recording with one channel, or with too many, is one speaker, which a warning says', async () => {
    const { said, channels } = await call(2);
    const text = said.map(({ words }) => words.join(' ')).join(' ');
    const [left = pause(0), right = pause(0)] = channels;
    const mono = left.map((sample, at) => sample + (right[at] ?? 0));
    const one = await told(encodeWav(mono));
    expect([one.text, codesOf(one)]).toEqual([text, ['one_channel']]);
    expect(one.speakers).toMatchObject([{ id: 'SPEAKER_00', words: 14 }]);
    const nine = await told(encodeWav(interleaved(...Array.from({ length: 9 }, () => mono)), 9));
    expect([nine.text, codesOf(nine)]).toEqual([text, ['channels_mixed']]);
    expect(nine.speakers).toMatchObject([{ id: 'SPEAKER_00', words: 14 }]);
  });

  it('is other work than all channels together', async () => {
    const { said, ...spoken } = await call(2);
    const bytes = recordingOf(spoken);
    const split = await told(bytes);
    const mixed = await told(bytes, { channels: 'mix' });
    expect(mixed).not.toHaveProperty('speakers');
    expect(mixed.words[0]).not.toHaveProperty('speaker');
    expect([split.text, mixed.text]).toEqual(Array(2).fill(said.map(({ words }) => words.join(' ')).join(' ')));
  });

  it('files that ffmpeg reads are divided, too', async () => {
    const { said, ...spoken } = await call(4);
    const folder = await temporaryFolder('channels');
    try {
      const [wav, flac] = [join(folder, 'call.wav'), join(folder, 'call.flac')];
      await writeFile(wav, recordingOf(spoken));
      await ffmpeg('-i', wav, flac);
      const transcript = await told(await readFile(flac));
      for (const who of [0, 1]) expect(saidBy(transcript, `SPEAKER_0${who}`)).toEqual(truthOf(said, who));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('a killed worker costs nothing, and leaves nothing', async () => {
    const recording = recordingOf(await call(40, { pauseMs: 100 }));
    const undisturbed = await told(recording);
    const id = await accepted(service.url, recording, { channels: 'split', cache: 'false' });
    await waitFor(async () => (await statusOf(service.url, id)).progress > 10, { what: 'a part of it to be done' });
    await service.workers[0]?.process.kill9();
    await service.addWorker();
    await waitFor(async () => (await statusOf(service.url, id)).status === 'completed', {
      what: 'the job to end all the same',
      timeoutMs: 120_000,
    });
    const { text, words, turns, speakers } = await resultOf(id);
    expect({ text, words, turns, speakers }).toEqual({
      text: undisturbed.text,
      words: undisturbed.words,
      turns: undisturbed.turns,
      speakers: undisturbed.speakers,
    });
    await waitFor(async () => (await filesUnder(service.blobFolder)).length === 0, { what: 'all audio to be gone' });
  });
});

const recordings = realRecordings('two_speakers_left_right.wav', 'eight_channels.m4a');
const tinyEn = await tinyEnModelDir();

describeWith(recordings, 'channels=split of real speech', (folder) => {
  describeWith(tinyEn, 'with tiny.en', (modelDir) => {
    let service: Service;

    beforeAll(async () => {
      service = await startService({ modelDir, model: 'tiny.en' });
    });

    afterAll(() => service?.close());

    async function said(bytes: Uint8Array): Promise<string[]> {
      const reply = await transcribe(service.url, { bytes }, { channels: 'split', response_format: 'text' });
      if (reply.status !== 200) throw new Error(reply.text);
      return reply.text.trimEnd().split('\n');
    }

    const LEFT = /^Channel 1: He beg[au]n .*wizard,? who had vanished behind the curtain on the left\.$/;
    const RIGHT = 'Channel 2: The horizon seems extremely distant.';

    it('tells two people apart who speak at the same time', async () => {
      expect(await said(await readFile(join(folder, 'two_speakers_left_right.wav')))).toEqual([
        expect.stringMatching(LEFT),
        RIGHT,
      ]);
    });

    it('and who hear each other while they do', async () => {
      const own = await temporaryFolder('channels');
      try {
        const [stereo, echoing] = [join(folder, 'two_speakers_left_right.wav'), join(own, 'echoing.wav')];
        const echo = `pan=stereo|c0=c0+${ECHO}*c1|c1=c1+${ECHO}*c0`;
        await ffmpeg('-i', stereo, '-af', `apad=pad_dur=3,adelay=0|3000,${echo}`, echoing);
        expect(await said(await readFile(echoing))).toEqual([expect.stringMatching(LEFT), RIGHT]);
      } finally {
        await rm(own, { recursive: true });
      }
    });

    it('tells eight apart', async () => {
      const spoken = await said(await readFile(join(folder, 'eight_channels.m4a')));
      expect(spoken.map((line) => line.toLowerCase().replace(/[^a-z0-9: ]/g, ''))).toEqual([
        'channel 1: front left',
        'channel 2: front right',
        'channel 3: center',
        'channel 5: back left',
        'channel 6: back right',
        'channel 7: auxiliary left',
        'channel 8: auxiliary right',
      ]);
    });
  });
});
