import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { transcribeFormSchema, voiceFormSchema, type WireVoice } from '@sotto/contracts';
import { SottoClient } from '../src/index.ts';
import { ACCEPTED, errorBody, formOf, JOB_ID, json, Service, TRANSCRIPT } from './service.ts';

const VOICE: WireVoice = {
  id: '0b9d4f86-5f3c-4a52-8c0e-0f3d0a1b2c3d',
  name: 'Anna',
  consent: 'signed form',
  created_at: '2026-11-30T07:00:00.000Z',
  seconds: 7.5,
  model: 'community-1',
};

let service: Service;
let client: SottoClient;
beforeEach(async () => {
  service = await Service.start();
  client = new SottoClient({ baseUrl: service.url });
});
afterEach(() => service.close());

describe('voices', () => {
  const sample = () => new File([new Uint8Array(500)], 'anna.wav', { type: 'audio/wav' });

  it('are created from a sample, with consent, listed and deleted', async () => {
    service.on('POST /voices/speakers', async (request, response, body) => {
      const form = await formOf(request, body);
      expect((form.get('file') as File).size).toBe(500);
      form.delete('file');
      const fields = voiceFormSchema.parse(Object.fromEntries(form));
      json(response, 201, { ...VOICE, ...fields });
    });
    service.on('GET /voices/speakers', (_request, response) => json(response, 200, { voices: [VOICE] }));
    service.on(`DELETE /voices/speakers/${VOICE.id}`, (_request, response) => void response.writeHead(204).end());
    expect(await client.voices.create(sample(), { name: 'Anna', consent: 'signed form' })).toEqual(VOICE);
    expect(await client.voices.list()).toEqual({ voices: [VOICE] });
    await client.voices.delete(VOICE.id);
    expect(service.seen.at(-1)).toBe(`DELETE /voices/speakers/${VOICE.id}`);
  });

  it('are refused with the reason', async () => {
    service.on('POST /voices/speakers', (_request, response) =>
      json(response, 422, errorBody('sample_not_usable', '2 people are heard in it.')),
    );
    const refused = client.voices.create(sample(), { name: 'Anna', consent: 'signed form' });
    await expect(refused).rejects.toMatchObject({ code: 'sample_not_usable', detail: '2 people are heard in it.' });
  });

  it('are asked for by name, or all of them', async () => {
    const asked: unknown[] = [];
    service.on('POST /transcribe', async (request, response, body) => {
      const form = await formOf(request, body);
      form.delete('file');
      asked.push(transcribeFormSchema.parse(Object.fromEntries(form)).known_speakers);
      json(response, 200, TRANSCRIPT, { 'x-job-id': JOB_ID });
    });
    service.on(`POST /jobs/${JOB_ID}/speakers`, (_request, response, body) => {
      asked.push(JSON.parse(body.toString()));
      json(response, 202, ACCEPTED);
    });
    await client.transcribe(sample(), { knownSpeakers: ['Anna, B.', 'Ben'] });
    await client.transcribe(sample(), { knownSpeakers: 'all' });
    await client.tellSpeakers(JOB_ID, { numSpeakers: 2, knownSpeakers: ['Ben'] });
    expect(asked).toEqual([['Anna, B.', 'Ben'], 'all', { num_speakers: 2, known_speakers: ['Ben'] }]);
  });
});
