import { rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { curl, type Service, startService, temporaryFolder, waitFor } from '@sotto/testkit';
import { detectionSchema } from '../src/asr/answers.ts';
import { leavesNothing } from './support/fleet.ts';
import { ended, statusOf } from './support/jobs.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { expectError, type Reply, transcribe } from './support/replies.ts';
import { runsMade } from './support/runs.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

let service: Service;
let one: SpokenRecording;
/** What this service's own API says of `one`. */
let heard: string;
let folder: string;
let wavPath: string;
let pcmPath: string;

beforeAll(async () => {
  folder = await temporaryFolder('asr');
  [wavPath, pcmPath] = [join(folder, 'speech.wav'), join(folder, 'speech.pcm')];
  [service, one] = await Promise.all([
    startService({ env: { MAX_DURATION: '5' }, apiEnv: { ASR_MAX_DURATION: '60' } }),
    recording(21),
  ]);
  heard = String((await transcribe(service.url, { bytes: one.wav })).json?.text);
  expectHeard(heard, one.text);
  await Promise.all([writeFile(wavPath, one.wav), writeFile(pcmPath, one.pcm)]);
});

afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Part {
  bytes: Uint8Array;
  /** null: none is sent. */
  type?: string | null;
  name?: string;
}

/**
 * What Python's requests makes of `files={'audio_file': out}`: the part is named and filed as audio_file, without a type.
 * Node's own http client, because fetch would tidy a doubled slash and give the part a type.
 */
function post(url: string, path: string, { bytes, type = null, name = 'audio_file' }: Part): Promise<Reply> {
  const boundary = 'f2d9c3b1a04e47d8a2';
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="audio_file"; filename="${name}"`,
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    '\r\n',
  ];
  const body = Buffer.concat([Buffer.from(head.join('\r\n')), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const headers = {
    'User-Agent': 'Subliminal/2.1',
    Accept: '*/*',
    'Accept-Encoding': 'gzip, deflate',
    Connection: 'keep-alive',
    'Content-Type': `multipart/form-data; boundary=${boundary}`,
    'Content-Length': body.length,
  };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method: 'POST', headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const entries = Object.entries(response.headers).map(([key, value]): [string, string] => [key, String(value)]);
        const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : null;
        resolve({ status: response.statusCode ?? 0, headers: new Headers(entries), text, json });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const asr = (query: string, part: Part = { bytes: one.pcm }) => post(service.url, `/asr?${query}`, part);
const detect = (query: string, part: Part = { bytes: one.pcm }) => post(service.url, `/detect-language?${query}`, part);

describe("Bazarr's requests (whisperai provider)", () => {
  it('/asr gives captions of bare samples', async () => {
    const reply = await asr('task=transcribe&language=en&output=srt&encode=false');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(reply.text).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\S/);
    const words = reply.text.split('\n').filter((line) => /[a-z]/.test(line));
    expect(words.join(' ')).toBe(heard);
  });

  it('/asr translates', async () => {
    const reply = await asr('task=translate&language=de&output=srt&encode=false');
    expect(reply.status).toBe(200);
  });

  it('knows the film that is being listened to, when its name is passed', async () => {
    const film = encodeURIComponent('/films/A Film (2020)/A Film.mkv');
    const reply = await asr(`task=transcribe&language=en&output=srt&encode=false&video_file=${film}`);
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="A%20Film.mkv.srt"');
    const status = await statusOf(service.url, String(reply.headers.get('x-job-id')));
    expect(status.file_name).toBe('A Film.mkv');
  });

  it('/detect-language names the language', async () => {
    const reply = await detect('encode=false');
    expect(reply.status).toBe(200);
    const found = detectionSchema.strict().parse(reply.json);
    expect(found).toMatchObject({ detected_language: 'english', language_code: 'en' });
    expect(found.confidence).toBeGreaterThan(0.3);
  });

  it('says that silence has no language, in the word Bazarr knows', async () => {
    const silence = new Uint8Array(16_000 * 2 * 3);
    const { json } = await detect('encode=false', { bytes: silence });
    expect(json).toEqual({ detected_language: 'undetermined', language_code: 'und', confidence: 0 });
    expect((await asr('output=srt&encode=false', { bytes: silence })).text).toBe('');
  });

  it.each(['//asr', '///asr', '/v1/asr'])('takes %s for /asr', async (path) => {
    const reply = await post(service.url, `${path}?task=transcribe&language=en&output=srt&encode=false`, {
      bytes: one.pcm,
    });
    expect(reply.text).toMatch(/^1\n/);
  });

  it('takes //detect-language too, and tells who it is', async () => {
    const doubled = await post(service.url, '//detect-language?encode=false', { bytes: one.pcm });
    expect(doubled.json).toMatchObject({ language_code: 'en' });
    for (const path of ['/status', '//status']) {
      const { body } = await curl('--path-as-is', `${service.url}${path}`);
      expect(JSON.parse(body)).toEqual({ version: expect.stringMatching(/^Sotto \d+\.\d+\.\d+/) });
    }
  });

  it('sends films longer than other doors take, up to a limit of their own', async () => {
    const length = (seconds: number) => new Uint8Array(16_000 * 2 * seconds);
    expect((await asr('output=srt&encode=false', { bytes: length(30) })).status).toBe(200);
    expectError(await asr('output=srt&encode=false', { bytes: length(61) }), 422, 'audio_too_long');
    const wav = Buffer.concat([one.wav.subarray(0, 44), length(8)]);
    wav.writeUInt32LE(length(8).length, 40);
    expectError(await transcribe(service.url, { bytes: wav }), 422, 'audio_too_long');
  });
});

const segmentsOf = (json: Reply['json']) => (json?.segments ?? []) as Record<string, unknown>[];

describe('whisper-asr-webservice', () => {
  const encoded = () => ({ bytes: one.wav, name: 'speech.wav', type: 'audio/wav' });

  it.each([
    ['', /^\S.*\n$/],
    ['output=txt', /^\S.*\n$/],
    ['output=vtt', /^WEBVTT\n\n/],
    ['output=srt', /^1\n/],
    ['output=tsv', /^start\tend\ttext\n\d+\t\d+\t\S/],
    ['output=json&word_timestamps=true', /^\{"text":/],
  ])('answers ?%s as plain text', async (query, shape) => {
    const reply = await asr(query, encoded());
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(reply.headers.get('asr-engine')).toBe('whisper.cpp');
    expect(reply.text).toMatch(shape);
  });

  it('writes json as openai/whisper does', async () => {
    const { json } = await asr('output=json&word_timestamps=1', encoded());
    expect(json).toMatchObject({ text: heard, language: 'en' });
    const [segment] = segmentsOf(json);
    expect(segment).toMatchObject({ id: 0, words: expect.any(Array), tokens: expect.any(Array) });
    const words = segment?.words as { word: string; probability: number }[];
    expect(words[0]).toEqual({
      word: expect.any(String),
      start: expect.any(Number),
      end: expect.any(Number),
      probability: expect.any(Number),
    });
    const plain = await asr('output=json', encoded());
    expect(segmentsOf(plain.json)[0]).not.toHaveProperty('words');
  });

  it('takes fields from the form too, and leaves what it does not know alone', async () => {
    const form = ['-F', `audio_file=@${wavPath}`, '-F', 'output=srt', '-F', 'whatever=1'];
    const { body } = await curl(...form, `${service.url}/asr?method=faster-whisper`);
    expect(body).toMatch(/^1\n/);
  });

  it('names the language of a file in any format', async () => {
    expect((await detect('', encoded())).json).toMatchObject({ language_code: 'en' });
  });

  it.each([
    ['output=docx', 'output'],
    ['language=klingon', 'language'],
    ['task=sing', 'task'],
    ['encode=perhaps', 'encode'],
    ['diarize=true&min_speakers=3&max_speakers=2', 'min_speakers'],
  ])('refuses ?%s', async (query, field) => {
    const reply = await asr(query, encoded());
    expectError(reply, 422, 'invalid_parameter');
    expect(reply.json?.detail).toMatch(new RegExp(`^${field}: `));
  });

  it('refuses bare samples that are not said to be such, and an empty file', async () => {
    expectError(await asr('output=srt'), 400, 'invalid_file_format');
    expectError(await asr('encode=false', { bytes: new Uint8Array(0) }), 400, 'empty_file');
    expectError(await post(service.url, '/asr', { bytes: one.wav, name: 'speech.txt' }), 400, 'invalid_file_format');
  });

  it('reads a WAV file as such, whatever encode says', async () => {
    const { text } = await asr('output=txt&encode=false', { bytes: one.wav });
    expect(text.trim()).toBe(heard);
  });
});

it('leaves no blob and no job behind', async () => {
  await leavesNothing(service, service.redis.client());
});

describe('a client that is impatient', () => {
  let idle: Service;

  beforeAll(async () => {
    idle = await startService({ workers: 0, apiEnv: { DIALECT_TIMEOUT: '1' } });
  });

  afterAll(() => idle?.close());

  it('is answered 504 at the deadline; asking again joins the work, and so does asking after hanging up', async () => {
    const query = '/asr?task=transcribe&language=en&output=srt&encode=false';
    expectError(await post(idle.url, query, { bytes: one.pcm }), 504, 'still_running');
    const gone = await curl('--max-time', '0.5', '-F', `audio_file=@${pcmPath}`, `${idle.url}${query}`);
    expect(gone.exitCode).toBe(28);
    await idle.addWorker();
    const last = await waitFor(
      async () => {
        const reply = await post(idle.url, query, { bytes: one.pcm });
        return reply.status === 200 ? reply : null;
      },
      { what: 'the captions', timeoutMs: 30_000 },
    );
    expect(last.text).toMatch(/^1\n/);
    expect(await runsMade(idle)).toBe(1);
    const { jobs } = (await (await fetch(`${idle.url}/jobs`)).json()) as { jobs: { job_id: string }[] };
    for (const { job_id: id } of jobs) expect((await ended(idle.url, id)).status).toBe('completed');
  });
});
