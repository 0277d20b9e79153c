import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import type OpenAI from 'openai';
import { clientOf, refused } from './support/openai.ts';
import { secondsOf } from './support/spoken.ts';

jest.setTimeout(120_000);

let service: Service;
let client: OpenAI;

beforeAll(async () => {
  service = await startService({ roles: [['prepare', 'speak']] });
  client = clientOf(service.url);
});
afterAll(() => service?.close({ leftovers: true }));

const input = 'The quick brown fox jumps over the lazy dog. It does so twice.';
const asked = { model: 'tts-1', voice: 'alloy', input } as const;

describe('audio.speech.create', () => {
  it.each(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const)('gives %s', async (format) => {
    const response = await client.audio.speech.create({ ...asked, response_format: format });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const seconds = format === 'pcm' ? bytes.length / 2 / 24_000 : await secondsOf(bytes);
    expect(seconds).toBeGreaterThan(3);
    expect(seconds).toBeLessThan(7);
    expect(response.headers.get('x-synthetic-audio')).toBe('true');
  });

  it('speaks faster, takes a voice by its id, and says what has no effect', async () => {
    const slow = await client.audio.speech.create({ ...asked, response_format: 'wav' });
    const fast = await client.audio.speech.create({
      ...asked,
      voice: { id: 'alloy' } as never,
      response_format: 'wav',
      speed: 2,
      instructions: 'Speak like a pirate.',
    });
    expect(fast.headers.get('warning')).toMatch(/instructions has no effect/);
    const [long, short] = [await secondsOf(await bytesOf(slow)), await secondsOf(await bytesOf(fast))];
    expect(short).toBeLessThan(long * 0.7);
  });

  it('streams events, with what was counted at the end', async () => {
    const response = await client.audio.speech.create({ ...asked, response_format: 'pcm', stream_format: 'sse' });
    const messages = (await response.text())
      .split('\n\n')
      .filter((block) => block.startsWith('data: '))
      .map((block) => JSON.parse(block.slice(6)) as { type: string; audio?: string; usage?: object });
    const deltas = messages.filter(({ type }) => type === 'speech.audio.delta');
    const sound = Buffer.concat(deltas.map(({ audio = '' }) => Buffer.from(audio, 'base64')));
    expect(sound.length / 2 / 24_000).toBeGreaterThan(3);
    expect(messages.at(-1)).toEqual({
      type: 'speech.audio.done',
      usage: { input_tokens: input.length, output_tokens: 0, total_tokens: input.length },
    });
  });

  it('refuses as OpenAI does', async () => {
    const failed = async (more: object) => {
      const { status, code, param } = await refused(client.audio.speech.create({ ...asked, ...more }));
      return [status, code, param];
    };
    expect(await failed({ input: 'x'.repeat(4097) })).toEqual([400, 'text_too_long', 'input']);
    expect(await failed({ voice: 'nobody' })).toEqual([400, 'invalid_parameter', 'voice']);
    expect(await failed({ speed: 9 })).toEqual([400, 'invalid_parameter', 'speed']);
    expect(await failed({ response_format: 'exe' })).toEqual([400, 'invalid_parameter', 'response_format']);
    expect(await failed({ input: '' })).toEqual([400, 'invalid_parameter', 'input']);
  });

  it('has a list of voices, as Open WebUI asks for it', async () => {
    const { voices } = (await (await fetch(`${service.url}/v1/audio/voices`)).json()) as { voices: object[] };
    expect(voices[0]).toEqual({ id: expect.any(String), name: expect.any(String) });
  });
});

const bytesOf = async (response: { arrayBuffer(): Promise<ArrayBuffer> }) =>
  new Uint8Array(await response.arrayBuffer());
