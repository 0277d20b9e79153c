import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { streamEventSchema } from '../src/openai/answers.ts';
import { leavesNothing } from './support/fleet.ts';
import { remove, statusOf } from './support/jobs.ts';
import { wav } from './support/media.ts';
import { clientOf, file, heardText, model, refused } from './support/openai.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';

jest.setTimeout(60_000);

let service: Service;
let client: OpenAI;
let long: SpokenRecording;

beforeAll(async () => {
  [service, long] = await Promise.all([
    startService({
      apiEnv: { OPENAI_MODEL_MAP: 'gpt-4o-transcribe=sotto-nano' },
      // Windows decoded together end together: one by one, the first text comes while most of the work is to be done.
      workerEnv: { WHISPER_BATCH: '1' },
    }),
    recording(12, 12, 1_200),
  ]);
  client = clientOf(service.url);
});

afterAll(() => service?.close());

describe("a stream of OpenAI's", () => {
  async function streamed(spoken: SpokenRecording, include?: 'logprobs'[]) {
    const stream = await client.audio.transcriptions.create({
      file: await file(spoken),
      model: 'gpt-4o-transcribe',
      stream: true,
      ...(include && { include }),
    });
    const events = [];
    for await (const event of stream) events.push(streamEventSchema.parse(event));
    const deltas = events.flatMap((event) => (event.type === 'transcript.text.delta' ? [event] : []));
    const done = events.at(-1);
    if (done?.type !== 'transcript.text.done') throw new Error('The last event is not done.');
    expect(events).toHaveLength(deltas.length + 1);
    expect(deltas.map(({ delta }) => delta).join('')).toBe(done.text);
    return { deltas, done };
  }

  it('has deltas in order, and at the end the same text and the usage', async () => {
    const { deltas, done } = await streamed(long);
    expect(deltas.length).toBeGreaterThan(1);
    expect(done.text).toBe(await heardText(service.url, long));
    expect(done.usage).toEqual({ type: 'duration', seconds: Math.ceil(long.durationMs / 1000) });
    const again = await streamed(long);
    expect(again.done).toEqual(done);
    const plain = await client.audio.transcriptions.create({ file: await file(long), model: 'gpt-4o-transcribe' });
    expect(plain.text).toBe(done.text);
  });

  it('brings text while the work goes on', async () => {
    const spoken = await recording(16, 40, 1_200);
    const call = client.audio.transcriptions.create({ file: await file(spoken), model, stream: true });
    const { data, response } = await call.withResponse();
    const jobId = String(response.headers.get('x-job-id'));
    const seen: string[] = [];
    for await (const event of data) {
      if (seen.length === 0) expect((await statusOf(service.url, jobId)).status).toBe('processing');
      seen.push(event.type);
    }
    expect(seen.at(-1)).toBe('transcript.text.done');
  });

  it('has log-probabilities in each delta and all of them at the end', async () => {
    const spoken = await recording(14, 8, 1_200);
    for (const { deltas, done } of [await streamed(spoken, ['logprobs']), await streamed(spoken, ['logprobs'])]) {
      for (const { delta, logprobs } of deltas) {
        expect(
          logprobs
            ?.map(({ token }) => token)
            .join('')
            .trim(),
        ).toBe(delta.trim());
      }
      expect(deltas.flatMap(({ logprobs }) => logprobs ?? [])).toEqual(done.logprobs);
    }
  });

  it('of silence is only its end', async () => {
    const { deltas, done } = await streamed({ ...long, wav: wav(1_500, 0) });
    expect([deltas, done.text]).toEqual([[], '']);
  });

  it('refuses a bad recording with a status, before it begins', async () => {
    const call = client.audio.transcriptions.create({ file: await toFile(wav(20), 'a.wav'), model, stream: true });
    expect(await refused(call)).toMatchObject({ status: 400, code: 'audio_too_short', param: 'file' });
  });

  it('that breaks off says why, in the way clients throw', async () => {
    const spoken = await recording(17, 40, 1_200);
    const call = client.audio.transcriptions.create({ file: await file(spoken), model, stream: true });
    const { data, response } = await call.withResponse();
    const jobId = String(response.headers.get('x-job-id'));
    const reading = (async () => {
      for await (const event of data) if (event.type === 'transcript.text.delta') await remove(service.url, jobId);
    })();
    expect(await refused(reading)).toMatchObject({ code: 'job_cancelled', type: 'invalid_request_error' });
  });

  it('can be left by its reader; the work goes on', async () => {
    const spoken = await recording(15, 8, 1_200);
    const stream = await client.audio.transcriptions.create({ file: await file(spoken), model, stream: true });
    for await (const event of stream) if (event.type === 'transcript.text.delta') break;
    const { done } = await streamed(spoken);
    expect(done.text).toBe(await heardText(service.url, spoken));
  });
});

it('leaves nothing behind', async () => {
  await leavesNothing(service, service.redis.client());
});
