import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { wireBatchSchema, wireOwnUsageSchema, wireStatusSchema, wireWebhookSchema } from '@sotto/contracts';
import { filesUnder, Receiver, type Service, type ServicePlace, startService, waitFor } from '@sotto/testkit';
import { Webhook } from 'standardwebhooks';
import { expectError, formOf, type Reply, send } from './support/replies.ts';
import { FROZEN_FOLDER, type Frozen, frozenStates, readFrozen, restoreFrozen } from './versions/frozen.ts';
import { isUnderstood, Recordings } from './versions/recordings.ts';

// What a killed worker held is free when its lock has run out and the queue has looked twice.
jest.setTimeout(120_000);

/** Of a batch that is coming in. */
const LEASE_MS = 60_000;

const TEXT_FORMATS = ['json', 'verbose_json', 'text', 'srt', 'vtt', 'tsv'];

let recordings: Recordings;
let receiver: Receiver;
let service: Service;
let frozen: Frozen;

beforeAll(async () => {
  recordings = await Recordings.read(FROZEN_FOLDER);
});

/** This build's API and worker, over what the build before left in that state when it died, so long ago. */
function thaw(state: string, agoMs = 0): void {
  beforeAll(async () => {
    receiver = await Receiver.open();
    frozen = await readFrozen(state, new URL(receiver.url).origin, agoMs);
    const { prefix, env } = frozen;
    const begin = (place: ServicePlace) => restoreFrozen(frozen, place, recordings);
    service = await startService({ prefix, env: { ...env, LOG_LEVEL: 'DEBUG' }, begin });
  });
  afterAll(async () => {
    await service.close({ leftovers: true });
    await receiver.close();
  });
}

const ask = (path: string, init: RequestInit = {}, key = frozen.known.key): Promise<Reply> =>
  send(service.url + path, { ...init, headers: { ...(key !== undefined && { 'X-API-Key': key }), ...init.headers } });

function job(id: string) {
  return waitFor(
    async () => {
      const status = wireStatusSchema.parse((await ask(`/status/${id}`)).json);
      return status.status === 'processing' ? null : status;
    },
    { what: `job ${id} to end`, timeoutMs: 60_000 },
  );
}

/** Every job ends as it must, with the words that were spoken, and can be read in every way. */
async function allEnd(): Promise<void> {
  for (const { id, what, ends, text, error } of frozen.jobs) {
    const status = await job(id);
    const words = text === undefined ? undefined : isUnderstood(text, status.result?.text ?? '');
    expect({ what, status: status.status, error: status.error, words }).toEqual({
      what,
      status: ends,
      error,
      words: text === undefined ? undefined : true,
    });
    if (ends === 'completed') await canBeRead(id, String(text));
  }
  const { jobs } = (await ask('/jobs?limit=100')).json as { jobs: { job_id: string }[] };
  expect(jobs.map(({ job_id }) => job_id).sort()).toEqual(frozen.jobs.map(({ id }) => id).sort());
  expect(await ask('/health/ready')).toMatchObject({ status: 200, json: { status: 'ready' } });
}

async function canBeRead(id: string, text: string): Promise<void> {
  for (const format of TEXT_FORMATS) {
    const { status, text: body } = await ask(`/jobs/${id}/result?format=${format}`);
    expect({ format, status }).toEqual({ format, status: 200 });
    if (format === 'text')
      expect({ body, isUnderstood: isUnderstood(text, body) }).toEqual({ body, isUnderstood: true });
  }
  const word = String(text.split(' ').at(-1));
  const found = await ask(`/jobs/${id}/search?q=${word}`);
  expect({ status: found.status, found: Number(found.json?.total) > 0 }).toEqual({ status: 200, found: true });
  expect((await ask(`/jobs/${id}/events`)).text).toContain('event: completed');
}

/** Webhooks that came, as the library of Standard Webhooks reads them: it throws when a signature is wrong. */
const eventsSigned = (secret: string | undefined) =>
  receiver.calls.map(
    ({ headers, body }) =>
      new Webhook(secret ?? '').verify(body, headers as Record<string, string>) as {
        type: string;
        data: Record<string, unknown>;
      },
  );

it('every state that was frozen is tried', async () => {
  expect((await frozenStates()).sort()).toEqual(['batches', 'ended', 'interrupted', 'keys', 'waiting', 'webhooks']);
});

describe('work that waited for a worker', () => {
  thaw('waiting');

  it('is done', allEnd);
});

describe('work of a worker that was killed', () => {
  thaw('interrupted');

  it('is finished, and what was done is not done again', async () => {
    await allEnd();
    const { run, windowsLeft } = frozen.known;
    const log = service.workers.map(({ process }) => process.output).join('\n');
    const taken = log.matchAll(new RegExp(`"message":"job taken".*"queue_job_id":"${run}\\.window\\.(\\d+)"`, 'g'));
    expect([...taken].map(([, window]) => window).sort()).toEqual(windowsLeft?.split(','));
  });
});

describe('webhooks', () => {
  thaw('webhooks');

  it('are delivered from the queue and from the outbox, and the one that was is not sent again', async () => {
    await allEnd();
    const webhookOf = async (id: string) => wireWebhookSchema.parse((await ask(`/jobs/${id}/webhooks`)).json);
    const { delivered = '', retried = '', due = '' } = frozen.known;
    for (const id of [delivered, retried, due]) {
      await waitFor(async () => (await webhookOf(id)).state === 'delivered', { what: `the webhook of ${id}` });
    }
    expect((await webhookOf(retried)).attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 503],
      [2, 204],
    ]);
    const told = eventsSigned(frozen.env.WEBHOOK_SECRET).map(({ type, data }) => [type, data.job_id]);
    expect(told.sort()).toEqual([retried, due].map((id) => ['job.completed', id]).sort());
  });
});

describe('a batch', () => {
  thaw('batches', LEASE_MS);

  it('ends and tells so; of one that was still coming in nothing stays', async () => {
    await allEnd();
    const { batch: id = '' } = frozen.known;
    const batch = wireBatchSchema.parse((await ask(`/batches/${id}`)).json);
    expect(batch).toMatchObject({ status: 'completed', counts: { total: 4, completed: 4 } });
    expect((await ask(`/batches/${id}/results`)).status).toBe(200);
    await waitFor(() => receiver.calls.length > 0, { what: 'the webhook' });
    expect(eventsSigned(frozen.env.WEBHOOK_SECRET)).toMatchObject([
      { type: 'batch.completed', data: { batch_id: id } },
    ]);
    await waitFor(async () => (await filesUnder(service.blobFolder)).length === 0, {
      what: 'the sweep to remove what nobody needs',
      timeoutMs: 60_000,
    });
  });
});

describe('jobs that had ended', () => {
  thaw('ended');

  it('have the end that they had, and can be joined and deleted', async () => {
    await allEnd();
    expectError(await ask(`/status/${frozen.known.forgotten}`), 404, 'job_not_found');
    const { wav, text } = recordings.get('clip-1');
    const again = await ask('/transcribe', { method: 'POST', body: formOf({ bytes: wav }) });
    expect(again).toMatchObject({ status: 200, json: { text } });
    const workers = service.workers.map(({ process }) => process.output).join('\n');
    expect(workers).not.toMatch(/"message":"job taken".*"kind":"transcribe"/);
    for (const { id } of frozen.jobs) expect((await ask(`/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
  });
});

describe('API keys', () => {
  thaw('keys');

  const verify = (key: string | undefined) => ask('/auth/verify', {}, key);

  it('open what they opened, and what they used counts', async () => {
    await allEnd();
    const { key, keyId, revoked, beforeRotation, afterRotation, firstKey } = frozen.known;
    for (const good of [key, firstKey, beforeRotation, afterRotation]) expect((await verify(good)).status).toBe(200);
    expectError(await verify(revoked), 403, 'forbidden');
    const usage = wireOwnUsageSchema.parse((await ask('/usage')).json);
    expect(usage).toMatchObject({ total: { requests: 3 }, quotas: [{ quota: 'day', limit_minutes: 0.2 }] });
    expect(usage.total.audio_seconds).toBeCloseTo(8.9, 1);
    const { entries } = (await ask('/admin/audit?limit=100', {}, firstKey)).json as { entries: { action: string }[] };
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['key.create', 'key.rotate']));
    expect((await ask('/admin/keys', {}, firstKey)).text).toContain(String(keyId));
  });

  it('an upload goes on where it was, and its minutes use the quota up', async () => {
    const { upload = '', uploaded = '', uploadedRecording = '', uploadedText = '', webhookSecret } = frozen.known;
    const tus = { 'Tus-Resumable': '1.0.0' };
    expect((await ask(upload, { method: 'HEAD', headers: tus })).headers.get('upload-offset')).toBe(uploaded);
    const rest = recordings.get(uploadedRecording).wav.subarray(Number(uploaded));
    const headers = { ...tus, 'Upload-Offset': uploaded, 'Content-Type': 'application/offset+octet-stream' };
    expect((await ask(upload, { method: 'PATCH', headers, body: new Uint8Array(rest) })).status).toBe(204);
    const body = formOf(null, { upload_id: String(upload.split('/').pop()) });
    expect(await ask('/transcribe', { method: 'POST', body })).toMatchObject({
      status: 200,
      json: { text: uploadedText },
    });
    const { wav } = recordings.get('clip-5');
    expectError(await ask('/transcribe', { method: 'POST', body: formOf({ bytes: wav }) }), 429, 'quota_exceeded');
    const warned = () => eventsSigned(webhookSecret).find(({ type }) => type === 'quota.warning');
    expect(await waitFor(warned, { what: 'the warning' })).toMatchObject({ data: { quota: 'day', percent: 80 } });
  });
});
