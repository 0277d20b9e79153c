import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import OpenAI, { toFile } from 'openai';
import { openAiErrorSchema } from '../src/openai/errors.ts';
import { wav } from './support/media.ts';
import { clientOf, model, refused } from './support/openai.ts';

describe("OpenAI's client, with keys", () => {
  let keyed: Service;

  beforeAll(async () => {
    keyed = await startService({ workers: 0, apiEnv: { ENABLE_API_KEY: 'true', API_KEY: 'the-right-key' } });
  });

  afterAll(() => keyed?.close());

  it('a wrong one is 401, the right one opens', async () => {
    const wrong = clientOf(keyed.url, { apiKey: 'sk-wrong' });
    for (const call of [
      wrong.models.list(),
      wrong.models.retrieve('whisper-1'),
      wrong.audio.transcriptions.create({ file: await toFile(wav(), 'a.wav'), model }),
    ]) {
      const error = await refused(call);
      expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
      expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' });
    }
    const right = clientOf(keyed.url, { apiKey: 'the-right-key' });
    expect((await right.models.list()).data.length).toBeGreaterThan(0);
    expect(await right.models.retrieve('whisper-1')).toMatchObject({ id: 'whisper-1', installed: false });
  });

  it('none is 401 too, in the same shape', async () => {
    const response = await fetch(`${keyed.url}/v1/models`);
    expect(response.status).toBe(401);
    expect(openAiErrorSchema.parse(await response.json()).error.code).toBe('invalid_api_key');
    expect((await (await fetch(`${keyed.url}/models`)).json()) as object).toMatchObject({ error: 'unauthorized' });
  });
});
