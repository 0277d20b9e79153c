import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transcript } from '@sotto/contracts';
import { Runs } from '@sotto/queue';
import { longTranscript, type Service, startService, waitFor } from '@sotto/testkit';
import { renderTranscript } from '@sotto/transcript';
import { asrRenderer } from '../src/asr/answers.ts';
import { type AnswerChoice, openAiRenderer, streamEventSchema } from '../src/openai/answers.ts';
import { wav } from './support/media.ts';
import { read } from './support/replies.ts';

/** Half an hour: long enough for a thread. */
const transcript: Transcript = longTranscript(0.5);
const WARNING = '299 sotto "This was not said: it is made up."';

let service: Service;
let runs: Runs;

beforeAll(async () => {
  service = await startService({ workers: 0 });
  runs = new Runs(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 600 });
});

// Without a worker, nobody takes the jobs or deletes the recordings.
afterAll(() => service?.close({ leftovers: true }));

/** Sends a recording that nobody has sent before, and ends its run in place of a worker. */
async function reply(path: string, fileField: string, fields: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append(fileField, new Blob([wav(1_000, 200 + 10 * Math.random())]), 'talk.wav');
  const answer = fetch(`${service.url}${path}`, { method: 'POST', body: form }).then(read);
  const redis = service.redis.client();
  const runId = await waitFor(async () => (await redis.zrange(`${service.prefix}:processing`, '0', '-1'))[0], {
    what: 'the run to begin',
  });
  const run = { id: runId, kind: 'transcription' } as const;
  await runs.start(run);
  const { durationMs } = transcript;
  await runs.settle({ run, cost: durationMs, stage: 'transcribing', fields: { durationMs }, plan: '{}' });
  await runs.complete(run, transcript);
  return answer;
}

describe('POST /transcribe', () => {
  it('answers with a long transcript, and advises to send such recordings asynchronously', async () => {
    const { status, text } = await reply('/transcribe', 'file');
    const { body } = renderTranscript(transcript, 'json', { granularity: 'segment' });
    const expected = JSON.parse(body);
    expected.warnings.push({ code: 'use_async', detail: 'Use async=true for recordings longer than 10 minutes.' });
    expect(status).toBe(200);
    expect(text === JSON.stringify(expected)).toBe(true);
  });

  it('answers in the format that it is asked for', async () => {
    const { text, headers } = await reply('/transcribe', 'file', { response_format: 'srt' });
    expect(headers.get('content-type')).toBe('application/x-subrip; charset=utf-8');
    expect(text === renderTranscript(transcript, 'srt', { granularity: 'segment' }).body).toBe(true);
  });
});

describe("OpenAI's API", () => {
  const choice: AnswerChoice = {
    responseFormat: 'json',
    granularities: ['segment'],
    logprobs: false,
    diarized: false,
    task: 'transcribe',
    language: null,
  };
  const model = 'sotto-nano';

  it.each(['json', 'verbose_json', 'text', 'vtt'] as const)('answers with a long transcript as %s', async (format) => {
    const sent = await reply('/v1/audio/transcriptions', 'file', { model, response_format: format });
    expect(sent.headers.get('warning')).toBe(WARNING);
    const expected = openAiRenderer.render(transcript, { ...choice, responseFormat: format });
    expect(sent.text === expected).toBe(true);
  });

  it.each([{}, { 'include[]': 'logprobs' }])('streams it, with %j', async (fields) => {
    const { text } = await reply('/v1/audio/transcriptions', 'file', { model, stream: 'true', ...fields });
    const messages = text.trim().split('\n\n');
    const events = messages.map((message) => streamEventSchema.parse(JSON.parse(message.slice('data: '.length))));
    const deltas = events.flatMap((event) => (event.type === 'transcript.text.delta' ? [event.delta] : []));
    expect(deltas).toHaveLength(transcript.segments.length);
    expect(deltas.join('')).toBe(transcript.text);
    expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: transcript.text });
  });
});

describe('POST /asr', () => {
  it.each(['json', 'srt', 'txt'] as const)('answers with a long transcript as %s', async (output) => {
    const sent = await reply(`/asr?output=${output}&word_timestamps=true`, 'audio_file');
    expect(sent.headers.get('warning')).toBe(WARNING);
    expect(sent.text === asrRenderer.render(transcript, { output, wordTimestamps: true })).toBe(true);
  });
});
