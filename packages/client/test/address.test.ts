import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SottoClient } from '../src/index.ts';
import { ACCEPTED, errorBody, formOf, JOB_ID, json, Service, TRANSCRIPT } from './service.ts';

let service: Service;
let client: SottoClient;
beforeEach(async () => {
  service = await Service.start();
  client = new SottoClient({ baseUrl: service.url, apiKey: 'k' });
});
afterEach(() => service.close());

const TALK = new URL('https://example.org/talk.mp3?a=1');

describe('the address of a recording', () => {
  it('is sent in place of a file, with every option by its name in the form', async () => {
    service.on('POST /transcribe', async (request, response, body) => {
      expect(request.headers['x-api-key']).toBe('k');
      expect(Object.fromEntries(await formOf(request, body))).toEqual({
        url: TALK.href,
        response_format: 'json',
        webhook_url: 'https://example.org/hook',
        suppress_tokens: '-1,7',
        condition_on_previous_text: 'true',
        beam_size: '5',
      });
      json(response, 200, TRANSCRIPT, { 'x-job-id': JOB_ID });
    });
    const done = await client.transcribe(TALK, {
      responseFormat: 'json',
      webhookUrl: 'https://example.org/hook',
      suppressTokens: [-1, 7],
      conditionOnPreviousText: true,
      beamSize: 5,
    });
    expect(done).toEqual({ jobId: JOB_ID, result: TRANSCRIPT });
  });

  it('makes a job, and is refused by code', async () => {
    service.on('POST /transcribe', async (request, response, body) => {
      expect((await formOf(request, body)).get('async')).toBe('true');
      json(response, 202, ACCEPTED);
    });
    expect(await client.submit(TALK)).toEqual(ACCEPTED);
    service.on('POST /transcribe', (_request, response) => json(response, 422, errorBody('url_not_fetched', '404.')));
    await expect(client.submit(TALK)).rejects.toMatchObject({ code: 'url_not_fetched' });
  });
});

describe('the webhook of a job', () => {
  const webhook = {
    job_id: JOB_ID,
    url: 'https://example.org/hook',
    webhook_id: 'msg_1',
    state: 'pending',
    attempts: [],
  };

  it('is looked at and delivered again', async () => {
    service.on(`GET /jobs/${JOB_ID}/webhooks`, (_request, response) => json(response, 200, webhook));
    service.on(`POST /jobs/${JOB_ID}/webhooks/replay`, (_request, response) => json(response, 202, webhook));
    expect([await client.webhook(JOB_ID), await client.replayWebhook(JOB_ID)]).toEqual([webhook, webhook]);
    service.on(`POST /jobs/${JOB_ID}/webhooks/replay`, (_request, response) =>
      json(response, 409, errorBody('no_webhook', 'None.')),
    );
    await expect(client.replayWebhook(JOB_ID)).rejects.toMatchObject({ code: 'no_webhook' });
  });
});
