import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Receiver, type Service, startService, waitFor } from '@sotto/testkit';
import { z } from 'zod';
import { ended } from './support/jobs.ts';
import { formOf, send } from './support/replies.ts';
import { phrase } from './support/speech.ts';

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  status: z.object({ code: z.number().optional() }).optional(),
});
const exportSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});

describe('traces', () => {
  let service: Service;
  let collector: Receiver;
  let client: Receiver;

  beforeAll(async () => {
    [collector, client] = await Promise.all([Receiver.open(), Receiver.open()]);
    service = await startService({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
        OTEL_BSP_SCHEDULE_DELAY: '100',
        ALLOWED_NETWORKS: '127.0.0.1',
        WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      },
    });
  });
  afterAll(async () => {
    await service?.close();
    await Promise.all([collector?.close(), client?.close()]);
  });

  const spans = () =>
    collector.calls.flatMap(({ body }) =>
      exportSchema
        .parse(JSON.parse(body))
        .resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: those }) => those)),
    );

  it('lead from the request through decoding, windows and assembly to the webhook, as one', async () => {
    const asked = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { bytes, text } = await phrase(83);
    const form = formOf({ bytes, name: 'secret-name.wav' }, { async: 'true', webhook_url: client.url });
    const headers = { traceparent: `00-${asked}-00f067aa0ba902b7-01` };
    const { json } = await send(`${service.url}/transcribe`, { method: 'POST', body: form, headers });
    expect(await ended(service.url, String(json?.job_id))).toMatchObject({ status: 'completed' });
    const names = ['POST /transcribe', 'transcribe', 'decode', 'window', 'assemble', 'deliver-webhook'];
    const own = await waitFor(
      () => {
        const found = spans().filter(({ traceId }) => traceId === asked);
        return names.every((name) => found.some((span) => span.name === name)) && found;
      },
      { what: `the spans ${names.join(', ')}`, timeoutMs: 30_000 },
    );
    const request = own.find(({ name }) => name === 'POST /transcribe');
    expect(request?.parentSpanId).toBe('00f067aa0ba902b7');
    for (const name of ['transcribe', 'window', 'deliver-webhook'])
      for (const span of own.filter((one) => one.name === name)) expect(span.parentSpanId).toBe(request?.spanId);
    const decode = own.find(({ name }) => name === 'decode');
    expect(own.find(({ spanId }) => spanId === decode?.parentSpanId)?.name).toBe('transcribe');
    // A driver that waits for its windows has not failed.
    expect(own.filter(({ status }) => status?.code === 2)).toEqual([]);
    const [word = ''] = text.split(' ');
    const told = collector.calls.map(({ body }) => body).join('');
    for (const secret of [text, `"${word}"`, 'secret-name', client.url, 'whsec_']) expect(told).not.toContain(secret);
    for (const { process } of [...service.apis, ...service.workers])
      expect(process.output).toMatch(new RegExp(`"trace_id":"${asked}"`));
  });

  it('of a batch lead to its webhook', async () => {
    const asked = '8b3f92f3577b34da6a3ce929d0e0e474';
    const form = new FormData();
    for (const seed of [86, 87]) {
      const { bytes } = await phrase(seed);
      form.append('file', new Blob([bytes]), `${seed}.wav`);
    }
    form.append('webhook_url', client.url);
    const headers = { traceparent: `00-${asked}-00f067aa0ba902b7-01` };
    const { json } = await send(`${service.url}/batches`, { method: 'POST', body: form, headers });
    const batchId = String(json?.batch_id);
    const own = await waitFor(
      () => {
        const found = spans().filter(({ traceId }) => traceId === asked);
        return found.some(({ name }) => name === 'deliver-webhook') && found;
      },
      { what: 'the span of the webhook', timeoutMs: 30_000 },
    );
    const request = own.find(({ name }) => name === 'POST /batches');
    const webhooks = own.filter(({ name }) => name === 'deliver-webhook');
    expect(webhooks).toEqual([expect.objectContaining({ parentSpanId: request?.spanId })]);
    expect(own.filter(({ name }) => name === 'window').length).toBeGreaterThanOrEqual(2);
    expect(client.calls.at(-1)?.body).toContain(batchId);
  });

  it('of other requests are others', async () => {
    await send(`${service.url}/jobs`);
    await waitFor(() => spans().some(({ name }) => name === 'GET /jobs'), { what: 'the span of GET /jobs' });
    const [listed] = spans().filter(({ name }) => name === 'GET /jobs');
    expect(listed?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(listed?.parentSpanId ?? '').toBe('');
  });

  it('are not missed where the collector is away: work goes on', async () => {
    await collector.close();
    const { bytes } = await phrase(84);
    const reply = await send(`${service.url}/transcribe`, { method: 'POST', body: formOf({ bytes }) });
    expect(reply.status).toBe(200);
    collector = await Receiver.open();
  });
});
