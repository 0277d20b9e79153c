import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Service, startService, waitFor } from '@sotto/testkit';
import OpenAI from 'openai';
import { clientOf, file, model, refused } from './support/openai.ts';
import { recording } from './support/recordings.ts';
import { runsMade } from './support/runs.ts';
import { expectHeard } from './support/speech.ts';

jest.setTimeout(60_000);

describe("OpenAI's client, without a worker", () => {
  let idle: Service;

  beforeAll(async () => {
    idle = await startService({ workers: 0, apiEnv: { DIALECT_TIMEOUT: '1' } });
  });

  afterAll(() => idle?.close());

  it('is told at the deadline to ask again, and its retry joins the work', async () => {
    const impatient = clientOf(idle.url);
    const one = await recording(11);
    const body = { file: await file(one), model };
    const error = await refused(impatient.audio.transcriptions.create(body));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 504, code: 'still_running', type: 'server_error' });
    expect(error.headers?.get('x-should-retry')).toBe('true');
    expect(error.headers?.get('retry-after')).toBe('1');
    expect(await refused(impatient.audio.transcriptions.create({ ...body, stream: true }))).toMatchObject({
      status: 504,
    });

    await idle.addWorker();
    const patient = clientOf(idle.url, { maxRetries: 20 });
    const { text } = await patient.audio.transcriptions.create(body);
    expectHeard(text, one.text);
    expect(await runsMade(idle)).toBe(1);
  });

  it('is sent to another replica when its own stops', async () => {
    const stopping = await idle.addApi({ DIALECT_TIMEOUT: '60', SHUTDOWN_GRACE: '0.2' });
    await idle.workers[0]?.process.kill9();
    const spoken = await recording(18);
    const body = { file: await file(spoken), model };
    const call = refused(clientOf(stopping.url).audio.transcriptions.create(body));
    await waitFor(async () => (await runsMade(idle)) === 2, { what: 'the work to be accepted' });
    await stopping.process.stop();
    expect(await call).toMatchObject({ status: 503, code: 'shutting_down', type: 'server_error' });
    await idle.addWorker();
    const { text } = await clientOf(idle.url, { maxRetries: 20 }).audio.transcriptions.create(body);
    expectHeard(text, spoken.text);
    expect(await runsMade(idle)).toBe(2);
  });
});
