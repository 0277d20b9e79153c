import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Receiver, type Service, startService, waitFor } from '@sotto/testkit';
import { formOf, parseObject, send } from './support/replies.ts';
import { phrase } from './support/speech.ts';

const KEY = 'a key that only this test knows';

describe('log lines', () => {
  let service: Service;
  let collector: Receiver;
  let client: Receiver;

  beforeAll(async () => {
    [collector, client] = await Promise.all([Receiver.open(), Receiver.open()]);
    service = await startService({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
        ALLOWED_NETWORKS: '127.0.0.1',
        LOG_LEVEL: 'DEBUG',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
      },
      apiEnv: { ENABLE_API_KEY: 'true', API_KEY: KEY },
    });
  });
  afterAll(async () => {
    await service?.close();
    await Promise.all([collector?.close(), client?.close()]);
  });

  const linesOf = (processes: readonly { process: { output: string } }[]) =>
    processes
      .flatMap(({ process }) => process.output.split('\n'))
      .map(parseObject)
      .filter((line) => line !== null);

  it('about a job have the ids of its trace, request, run and key in every process', async () => {
    const asked = '7a2f92f3577b34da6a3ce929d0e0e473';
    const { bytes, text } = await phrase(85);
    const headers = {
      authorization: `Bearer ${KEY}`,
      traceparent: `00-${asked}-00f067aa0ba902b7-01`,
      'x-request-id': 'asked-for-by-me',
    };
    const body = formOf({ bytes, name: 'secret-name.wav' }, { async: 'true', webhook_url: client.url });
    const { json } = await send(`${service.url}/transcribe`, { method: 'POST', body, headers });
    const jobId = String(json?.job_id);

    const served = () => linesOf(service.apis).filter((line) => line.job_id === jobId);
    const [asRequest] = await waitFor(() => served().length > 0 && served(), { what: 'the line of the request' });
    expect(asRequest).toMatchObject({ trace_id: asked, request_id: 'asked-for-by-me' });
    const { run_id, user_id } = asRequest ?? {};
    expect({ run_id, user_id }).toEqual({ run_id: expect.any(String), user_id: expect.any(String) });

    const about = () => linesOf(service.workers).filter((line) => line.run_id === run_id || line.job_id === jobId);
    const ends = () =>
      about().flatMap(({ message, metadata }) => (message === 'job finished' ? [kindOf(metadata)] : []));
    const kinds = ['deliver-webhook', 'transcribe', 'window'];
    await waitFor(() => kinds.every((kind) => ends().includes(kind)), { what: `the ends of ${kinds.join(', ')}` });
    const messages = about().map(({ message }) => message);
    const usual = ['job taken', 'job suspended', 'recording prepared', 'window transcribed', 'webhook delivered'];
    expect(messages).toEqual(expect.arrayContaining(usual));
    const ids = { trace_id: asked, job_id: jobId, run_id, user_id };
    for (const line of about()) expect(line).toMatchObject(ids);
    const written = [...service.apis, ...service.workers].map(({ process }) => process.output).join('');
    for (const secret of [text, 'secret-name', KEY, 'whsec_', client.url]) expect(written).not.toContain(secret);
  });
});

const kindOf = (metadata: unknown) => (metadata as { kind?: unknown }).kind;
