import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DocumentedApi, type Service, startService } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { recording, type SpokenRecording } from './support/recordings.ts';
import { send } from './support/replies.ts';

jest.setTimeout(60_000);

let service: Service;
let api: DocumentedApi;
let one: SpokenRecording;

beforeAll(async () => {
  [service, one] = await Promise.all([startService({ workers: 1 }), recording(31)]);
  api = await DocumentedApi.of(service.url);
});

afterAll(async () => {
  await service?.close();
});

async function expectDocumented(path: string, status: number, form: FormData | null, query = ''): Promise<void> {
  const [method, init] = form === null ? ['get', {}] : ['post', { method: 'POST', body: form }];
  const { headers, text, ...reply } = await send(`${service.url}${path}${query}`, init as RequestInit);
  const [, documented = path] = /^\/v1(\/.*)$/.exec(path) ?? [];
  const named = documented.replace(/^\/models\/.+/, '/models/{id}');
  const problems = api.problems(String(method), named, reply.status, headers.get('content-type'), text);
  expect({ status: reply.status, problems }).toEqual({ status, problems: [] });
}

function formOf(field: string, bytes: Uint8Array, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  form.append(field, new Blob([new Uint8Array(bytes)]), 'speech.wav');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

describe('the document tells the truth of', () => {
  it.each<[Record<string, string>, number]>([
    [{}, 200],
    [{ 'include[]': 'logprobs' }, 200],
    [{ response_format: 'verbose_json', 'timestamp_granularities[]': 'word' }, 200],
    [{ response_format: 'text' }, 200],
    [{ response_format: 'vtt' }, 200],
    [{ stream: 'true' }, 200],
    [{ response_format: 'docx' }, 400],
    [{ model: 'no-such-model' }, 404],
  ])('/audio/transcriptions with %j', async (fields, status) => {
    const form = formOf('file', one.wav, { model: 'whisper-1', ...fields });
    await expectDocumented('/v1/audio/transcriptions', status, form);
  });

  it('/audio/translations', async () => {
    const translate = (bytes: Uint8Array, fields: Record<string, string>) =>
      formOf('file', bytes, { model: 'whisper-1', ...fields });
    await expectDocumented('/v1/audio/translations', 200, translate(one.wav, {}));
    await expectDocumented('/v1/audio/translations', 200, translate(one.wav, { response_format: 'verbose_json' }));
    await expectDocumented('/v1/audio/translations', 400, translate(wav(20), {}));
  });

  it('/models, by both of its shapes of errors', async () => {
    await expectDocumented('/v1/models', 200, null);
    await expectDocumented('/v1/models/whisper-1', 200, null);
    await expectDocumented('/v1/models/none', 404, null);
    await expectDocumented('/models/none', 422, null);
  });

  it('/listen', async () => {
    const listen = async (query: string, body: string | Uint8Array<ArrayBuffer>, type: string) => {
      const init = { method: 'POST', body, headers: { 'Content-Type': type } };
      const { headers, text, status } = await send(`${service.url}/v1/listen${query}`, init);
      expect(api.problems('post', '/listen', status, headers.get('content-type'), text)).toEqual([]);
      return status;
    };
    const body = new Uint8Array(one.wav);
    expect(await listen('', body, 'audio/wav')).toBe(200);
    expect(await listen('?smart_format=true&utterances=true&detect_language=true&x=1', body, 'audio/wav')).toBe(200);
    expect(await listen('?redact=pci', body, 'audio/wav')).toBe(400);
    expect(await listen('', '{}', 'application/json')).toBe(400);
  });

  it('/asr, /detect-language and /status', async () => {
    for (const query of ['', '?output=srt', '?output=json']) {
      await expectDocumented('/asr', 200, formOf('audio_file', one.wav), query);
    }
    await expectDocumented('/asr', 422, formOf('audio_file', one.wav), '?output=docx');
    await expectDocumented('/detect-language', 200, formOf('audio_file', one.wav));
    await expectDocumented('/detect-language', 400, formOf('file', one.wav));
    await expectDocumented('/status', 200, null);
  });
});
