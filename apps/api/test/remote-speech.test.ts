import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { wireAcceptedSchema, wireSpeechSchema, wireSpokenVoiceListSchema } from '@sotto/contracts';
import { type Service, startService } from '@sotto/testkit';
import { ended } from './support/jobs.ts';
import { speak } from './support/spoken.ts';

jest.setTimeout(120_000);

/** What the other one may be given. */
const BUDGET = 60;
const FIRST = 'Hello from elsewhere.';
const SECOND = 'This is a long text that begins elsewhere. What the other one may not have is said here.';

let other: Service;
let service: Service;

beforeAll(async () => {
  other = await startService({ roles: [['prepare', 'speak']] });
  const workerEnv = {
    SPEECH_REMOTE_URL: `${other.url}/v1`,
    SPEECH_REMOTE_AUTO: 'prefer',
    SPEECH_REMOTE_MONTHLY_CHARACTERS: String(BUDGET),
  };
  service = await startService({ roles: [['prepare', 'speak']], workerEnv });
});
afterAll(async () => {
  await service?.close({ leftovers: true });
  await other?.close({ leftovers: true });
});

async function spoken(fields: object) {
  const response = await speak(service.url, { async: true, ...fields });
  const { job_id: id } = wireAcceptedSchema.parse(await response.json());
  const status = await ended(service.url, id);
  const result = await fetch(`${service.url}/jobs/${id}/result?format=json`);
  return { status, result: result.ok ? wireSpeechSchema.parse(await result.json()) : null };
}

const jobsOf = async ({ url }: Service) => ((await (await fetch(`${url}/jobs`)).json()) as { jobs: unknown[] }).jobs;

describe('Sotto behind Sotto', () => {
  it('offers the voices of the other one, and has it speak', async () => {
    const answer = await fetch(`${service.url}/voices`);
    const { voices } = wireSpokenVoiceListSchema.parse(await answer.json());
    expect(voices).toContainEqual(expect.objectContaining({ id: 'remote-espeak', engine: 'remote', model: 'tts-1' }));
    const { result } = await spoken({ text: FIRST, voice: 'remote-espeak' });
    expect(result).toMatchObject({ engine: 'remote', voice: 'remote-espeak', sample_rate: 24_000, warnings: [] });
    expect(result?.duration).toBeGreaterThan(1);
    expect((await jobsOf(other)).length).toBeGreaterThan(0);
  });

  it('speaks here what the other one may not have, and says so', async () => {
    const { result } = await spoken({ text: SECOND });
    expect(result).toMatchObject({ engine: 'remote', sample_rate: 24_000 });
    expect(result?.warnings).toContainEqual({
      code: 'voice_replaced',
      detail: expect.stringContaining('spoken by espeak'),
    });
    expect(result?.pieces.map(({ text }) => text).join(' ')).toBe(SECOND);
    expect(result?.duration).toBeGreaterThan(4);
  });

  it('fails with the reason where its voice was asked for', async () => {
    const { status } = await spoken({ text: SECOND, voice: 'remote-espeak' });
    expect(status).toMatchObject({ status: 'failed', error: 'speech_unavailable' });
  });
});
