/**
 * Who says what: told beside the text, told again, and never at the cost of the text.
 * @busy It kills a worker, and looks at all that a service stores.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type WireVerboseTranscript, wireVerboseTranscriptSchema } from '@sotto/contracts';
import {
  concat,
  describeWith,
  encodeWav,
  filesUnder,
  linkModel,
  pause,
  type Service,
  speakerModelFile,
  startService,
  waitFor,
} from '@sotto/testkit';
import { toFile } from 'openai';
import { streamEventSchema } from '../src/openai/answers.ts';
import { diarizedSchema } from '../src/openai/diarized.ts';
import { type Dialogue, dialogue } from './support/dialogue.ts';
import { accepted, ended, remove, statusOf } from './support/jobs.ts';
import { clientOf, refused } from './support/openai.ts';
import { expectError, send, transcribe } from './support/replies.ts';

jest.setTimeout(180_000);

const TURNS = 6;
const model = await speakerModelFile();

const post = (url: string, hints: Record<string, unknown>) =>
  send(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(hints) });

async function resultOf(service: Service, jobId: string, query = ''): Promise<string> {
  const { status, text } = await send(`${service.url}/jobs/${jobId}/result?${query}`);
  if (status !== 200) throw new Error(text);
  return text;
}

const verboseOf = async (service: Service, jobId: string): Promise<WireVerboseTranscript> =>
  wireVerboseTranscriptSchema.parse(JSON.parse(await resultOf(service, jobId, 'format=verbose_json')));

const countOf = ({ speakers = [] }: WireVerboseTranscript) => speakers.length;

describeWith(model, 'speakers', (file) => {
  let service: Service;
  let spoken: Dialogue;
  let bytes: Uint8Array;

  beforeAll(async () => {
    service = await startService({ apiEnv: { OPENAI_MODEL_MAP: 'gpt-4o-transcribe-diarize=sotto-nano' } });
    await linkModel(file, service.modelDir);
    spoken = await dialogue(TURNS);
    bytes = encodeWav(spoken.samples);
  });

  afterAll(() => service?.close());

  async function told(fields: Record<string, string> = {}): Promise<WireVerboseTranscript> {
    const asked = { diarize: 'true', response_format: 'verbose_json', ...fields };
    const reply = await transcribe(service.url, { bytes }, asked);
    if (reply.status !== 200) throw new Error(reply.text);
    return wireVerboseTranscriptSchema.parse(reply.json);
  }

  it('are found by themselves, and every word has its own', async () => {
    const { speakers = [], turns = [], words, segments } = await told();
    expect(speakers.map(({ id, name }) => [id, name])).toEqual([
      ['SPEAKER_00', 'Speaker 1'],
      ['SPEAKER_01', 'Speaker 2'],
    ]);
    const truth = spoken.said.flatMap(({ who, words: said }) => said.map((word) => [`SPEAKER_0${who}`, word]));
    expect(words.map(({ speaker, word }) => [speaker, word])).toEqual(truth);
    expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual(
      spoken.said.map(({ who, words: said }) => [`SPEAKER_0${who}`, said.join(' ')]),
    );
    expect(turns).toHaveLength(TURNS);
    for (const [at, { start, end }] of turns.entries()) {
      expect(Math.abs(start * 1000 - (spoken.said[at]?.startMs ?? 0))).toBeLessThan(250);
      expect(Math.abs(end * 1000 - (spoken.said[at]?.endMs ?? 0))).toBeLessThan(250);
    }
    expect(speakers.map((speaker) => speaker.words)).toEqual([21, 21]);
  });

  it('are as many as hints say, and the text is the same with them and without', async () => {
    const one = await told({ num_speakers: '1' });
    expect(countOf(one)).toBe(1);
    expect(countOf(await told({ min_speakers: '1', max_speakers: '1' }))).toBe(1);
    const plain = await told({ diarize: 'false' });
    expect(plain.speakers).toBeUndefined();
    expect(plain.words[0]).not.toHaveProperty('speaker');
    expect(one.text).toBe(plain.text);
    expect(one.words.map(({ start, end, word }) => [start, end, word])).toEqual(
      plain.words.map(({ start, end, word }) => [start, end, word]),
    );
  });

  it('have their names in every format that people read', async () => {
    const id = await accepted(service.url, bytes, { diarize: 'true', speaker_names: 'Anna, Ben <b>' });
    await ended(service.url, id);
    const first = spoken.said[0]?.words.join(' ') ?? '';
    expect(await resultOf(service, id, 'format=srt')).toContain(`\nAnna: ${first.slice(0, 8)}`);
    expect(await resultOf(service, id, 'format=vtt')).toContain('\n<v Ben &lt;b&gt;>');
    expect(await resultOf(service, id, 'format=ass')).toMatch(/,Speaker2,Ben <b>,0,0,0,,/);
    expect(await resultOf(service, id, 'format=md')).toContain(' Ben \\<b>:** ');
    expect(await resultOf(service, id, 'format=text')).toMatch(/^Anna: .*\nBen <b>: /);
    expect(await resultOf(service, id, 'format=csv')).toMatch(/^start,end,speaker,text,confidence\r\n[\d.,]+,Anna,/);
    expect(await resultOf(service, id, 'format=text&speaker_names=Clara')).toMatch(/^Clara: .*\nSpeaker 2: /);
    const rttm = (await resultOf(service, id, 'format=rttm')).trimEnd().split('\n');
    expect(rttm).toHaveLength(TURNS);
    expect(rttm[1]).toMatch(/^SPEAKER recording\.wav 1 5\.\d{3} 4\.\d{3} <NA> <NA> Ben_<b> <NA> <NA>$/);
  });

  it('are told apart again, with other hints, as long as the recording is kept', async () => {
    const id = await accepted(service.url, bytes, { diarize: 'true', keep_audio: '3600' });
    expect(await ended(service.url, id)).toMatchObject({ status: 'completed', speakers: 'completed' });
    expect(countOf(await verboseOf(service, id))).toBe(2);
    const again = await post(`${service.url}/jobs/${id}/speakers`, { num_speakers: 1 });
    expect(again.status).toBe(202);
    await waitFor(async () => (await statusOf(service.url, id)).speakers === 'completed', { what: 'one speaker' });
    expect(countOf(await verboseOf(service, id))).toBe(1);
    expect((await remove(service.url, id)).status).toBe(204);
    expect(await filesUnder(service.blobFolder)).toEqual([]);
  });

  it('are told apart afterwards, where they were not asked for', async () => {
    const id = await accepted(service.url, bytes, { keep_audio: '3600', cache: 'false' });
    expect(await ended(service.url, id)).not.toHaveProperty('speakers');
    expect((await post(`${service.url}/jobs/${id}/speakers`, {})).status).toBe(202);
    await waitFor(async () => (await statusOf(service.url, id)).speakers === 'completed', { what: 'the speakers' });
    expect(countOf(await verboseOf(service, id))).toBe(2);
    await remove(service.url, id);
  });

  it('are not told apart again without the recording, and not with hints that contradict each other', async () => {
    const id = await accepted(service.url, bytes, { diarize: 'true' });
    await ended(service.url, id);
    const path = `${service.url}/jobs/${id}/speakers`;
    expectError(await post(path, { num_speakers: 2 }), 410, 'audio_not_kept');
    for (const hints of [{ num_speakers: 0 }, { min_speakers: 3, max_speakers: 2 }, { speakers: 2 }]) {
      expectError(await post(path, hints), 422, 'invalid_parameter');
    }
    expectError(await post(`${service.url}/jobs/${crypto.randomUUID()}/speakers`, {}), 404, 'job_not_found');
  });

  it.each([
    [{ num_speakers: '0' }, /^num_speakers/],
    [{ num_speakers: '51' }, /^num_speakers/],
    [{ min_speakers: '3', max_speakers: '2' }, /min_speakers is greater than max_speakers/],
    [{ num_speakers: '4', max_speakers: '3' }, /num_speakers is not between/],
    [{ diarize: 'false', num_speakers: '2' }, /diarize is false/],
    [{ diarize: 'false', response_format: 'rttm' }, /rttm has only speakers/],
    [{ speaker_names: Array(51).fill('A').join(',') }, /^speaker_names/],
    [{ speaker_names: 'Anna,,Ben' }, /^speaker_names/],
    [{ keep_audio: '999999999' }, /^keep_audio: may be at most 86400/],
  ])('%j is refused', async (fields, detail) => {
    const reply = await transcribe(service.url, { bytes }, fields as Record<string, string>);
    expectError(reply, 422, 'invalid_parameter');
    expect(reply.json?.detail).toMatch(detail);
  });

  it('are none where nobody speaks', async () => {
    const silence = encodeWav(pause(12_000));
    const reply = await transcribe(
      service.url,
      { bytes: silence },
      { num_speakers: '3', response_format: 'verbose_json' },
    );
    expect(wireVerboseTranscriptSchema.parse(reply.json)).toMatchObject({ text: '', speakers: [], turns: [] });
  });

  describe("OpenAI's client", () => {
    const named = 'gpt-4o-transcribe-diarize';
    const speech = () => toFile(bytes, 'speech.wav');
    const said = () => spoken.said.map(({ who, words }) => [who === 0 ? 'A' : 'B', words.join(' ')]);

    it('gets diarized_json', async () => {
      const create = {
        file: await speech(),
        model: named,
        response_format: 'diarized_json',
        chunking_strategy: 'auto',
      };
      const answer = await clientOf(service.url).audio.transcriptions.create(create as never);
      const { segments, text, usage } = diarizedSchema.parse(answer);
      expect(segments.map(({ speaker, text: words }) => [speaker, words])).toEqual(said());
      expect(text).toBe(spoken.said.map(({ words }) => words.join(' ')).join(' '));
      expect(usage.seconds).toBe(Math.ceil(spoken.samples.length / 16_000));
    });

    it('gets it as a stream, too', async () => {
      const create = { file: await speech(), model: named, response_format: 'diarized_json', stream: true };
      const stream = await clientOf(service.url).audio.transcriptions.create(create as never);
      const events = [];
      for await (const event of stream as unknown as AsyncIterable<unknown>)
        events.push(streamEventSchema.parse(event));
      const segments = events.flatMap((event) => (event.type === 'transcript.text.segment' ? [event] : []));
      expect(segments.map(({ speaker, text }) => [speaker, text])).toEqual(said());
      const deltas = events.flatMap((event) => (event.type === 'transcript.text.delta' ? [event.delta] : []));
      expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: deltas.join('') });
    });

    it('cannot have a translation with speakers', async () => {
      const create = { file: await speech(), model: named, response_format: 'diarized_json' };
      const error = await refused(clientOf(service.url).audio.translations.create(create as never));
      expect([error.status, error.param]).toEqual([400, 'response_format']);
    });
  });

  it("are told to clients of whisper-asr-webservice's API", async () => {
    const form = new FormData();
    form.append('audio_file', new Blob([new Uint8Array(bytes)]), 'speech.wav');
    const { status, json } = await send(`${service.url}/asr?diarize=true&output=json&word_timestamps=true`, {
      method: 'POST',
      body: form,
    });
    expect(status).toBe(200);
    expect(json?.segments).toMatchObject(spoken.said.map(({ who }) => ({ speaker: `SPEAKER_0${who}` })));
  });

  it('are the same when the worker that listens for them is killed', async () => {
    const long = encodeWav(concat(...Array<Int16Array>(22).fill(spoken.samples)));
    const undisturbed = await verboseOf(service, await endedWith(long));
    const id = await accepted(service.url, long, { diarize: 'true', cache: 'false' });
    await waitFor(async () => (await filesUnder(service.blobFolder)).some((path) => /-heard-0$/.test(path)), {
      what: 'the first piece',
      timeoutMs: 60_000,
    });
    await service.workers[0]?.process.kill9();
    await service.addWorker();
    await waitFor(async () => (await statusOf(service.url, id)).status === 'completed', {
      what: 'the job to end all the same',
      timeoutMs: 120_000,
    });
    const { turns, words, warnings } = await verboseOf(service, id);
    expect(turns).toEqual(undisturbed.turns);
    expect(words).toEqual(undisturbed.words);
    expect(warnings.map(({ code }) => code)).toEqual(['model']);
  });

  async function endedWith(recording: Uint8Array): Promise<string> {
    const id = await accepted(service.url, recording, { diarize: 'true' });
    await waitFor(async () => (await statusOf(service.url, id)).status === 'completed', {
      what: 'the job to end',
      timeoutMs: 120_000,
    });
    return id;
  }
});

it('without the model, the text is there all the same, with a warning', async () => {
  const service = await startService({ workerEnv: { PIP_NO_INDEX: '1' } });
  try {
    const { samples, said } = await dialogue(2);
    const asked = { diarize: 'true', response_format: 'verbose_json' };
    const reply = await transcribe(service.url, { bytes: encodeWav(samples) }, asked);
    const { text, speakers, warnings } = wireVerboseTranscriptSchema.parse(reply.json);
    expect(text).toBe(said.map(({ words }) => words.join(' ')).join(' '));
    expect(speakers).toBeUndefined();
    expect(warnings.map(({ code }) => code)).toContain('speakers_failed');
    const status = await statusOf(service.url, String(reply.headers.get('x-job-id')));
    expect(status).toMatchObject({ status: 'completed', speakers: 'failed' });
  } finally {
    await service.close();
  }
});
