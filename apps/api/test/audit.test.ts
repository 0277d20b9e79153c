import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEntry, auditEntrySchema, wireAuditPageSchema } from '@sotto/contracts';
import { periodsAt } from '@sotto/queue';
import { type Service, startService, waitFor } from '@sotto/testkit';
import { wav } from './support/media.ts';
import { expectError, formOf, type Reply, send } from './support/replies.ts';

const ADMIN = 'the admin key';
let service: Service;

beforeAll(async () => {
  service = await startService({
    workers: 0,
    apiEnv: { ENABLE_API_KEY: 'true', API_KEY: 'the first key', ADMIN_API_KEY: ADMIN, TRUST_PROXY: '1' },
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
});

const CLIENT = { 'User-Agent': 'a test/1.0', 'X-Forwarded-For': '203.0.113.7' };

interface Asked {
  method?: string;
  key?: string;
  id: string;
  json?: object;
  body?: FormData;
  url?: string;
}

const ask = (path: string, { method = 'GET', key, id, json, body, url = service.url }: Asked): Promise<Reply> =>
  send(url + path, {
    method,
    headers: {
      ...CLIENT,
      'X-Request-Id': id,
      ...(key !== undefined && { 'X-API-Key': key }),
      ...(json && { 'Content-Type': 'application/json' }),
    },
    body: json ? JSON.stringify(json) : (body ?? null),
  });

const page = async (query = '') =>
  wireAuditPageSchema.parse((await ask(`/admin/audit?${query}`, { key: ADMIN, id: 'reader' })).json);

async function inFile(folder = service.folder): Promise<AuditEntry[]> {
  const { day } = periodsAt(Date.now());
  const text = await readFile(join(folder, 'data/audit', `audit-${day}.jsonl`), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => auditEntrySchema.parse(JSON.parse(line)));
}

/** Entries are written when the answer is out. */
const written = (requestId: string) =>
  waitFor(async () => (await inFile()).find((entry) => entry.request_id === requestId) ?? null, {
    what: `an entry of ${requestId} in the file`,
  });

const inStream = (requestId: string) =>
  waitFor(async () => (await page('limit=500')).entries.find((entry) => entry.request_id === requestId) ?? null, {
    what: `an entry of ${requestId} in the stream`,
  });

describe('the audit log', () => {
  const secrets = [ADMIN, 'the first key', 'a wrong key'];

  it('has who changed keys, sent, deleted, acted and was refused, from where; in the stream as in the file', async () => {
    const form = { name: 'x', webhook_url: 'https://example.org/' };
    const made = await ask('/admin/keys', { method: 'POST', key: ADMIN, id: 'make', json: form });
    const [keyId, key] = [String(made.json?.id), String(made.json?.key)];
    const upload = { method: 'POST', key, body: formOf({ bytes: wav(300, 700) }, { async: 'true' }) };
    const job = String((await ask('/transcribe', { ...upload, id: 'upload' })).json?.job_id);
    await ask(`/v1/jobs/${job}`, { method: 'DELETE', key, id: 'delete' });
    const admin = { method: 'POST', key: ADMIN };
    await ask(`/admin/keys/${keyId}`, { ...admin, id: 'change', json: { weight: 2 } });
    const secret = await ask(`/admin/keys/${keyId}/webhook-secret`, { ...admin, id: 'secret', json: {} });
    const rotated = await ask(`/admin/keys/${keyId}/rotate`, { ...admin, id: 'rotate', json: {} });
    await ask(`/admin/keys/${keyId}`, { method: 'DELETE', key: ADMIN, id: 'revoke' });
    await ask('/admin/keys/nothing', { method: 'DELETE', key: ADMIN, id: 'revoke-nothing' });
    await ask('/admin/usage', { key: ADMIN, id: 'read' });
    await ask('/admin/queues/api/queues/windows/pause', { method: 'PUT', key: ADMIN, id: 'pause' });
    await ask('/jobs', { id: 'no-key' });
    await ask('/jobs', { id: 'wrong-key', key: 'a wrong key' });
    await ask('/jobs', { id: 'revoked-key', key });
    await ask('/admin/keys', { id: 'not-the-admin', key: 'the first key' });
    await ask('/admin/queues', { id: 'not-at-the-dashboard', key: 'the first key' });
    await ask('/jobs', { id: 'nothing-special', key: 'the first key' });
    secrets.push(key, String(made.json?.webhook_secret));
    secrets.push(String(secret.json?.webhook_secret), String(rotated.json?.key));

    const expected: Record<string, [string, string | null, string | null, number]> = {
      make: ['key.create', 'admin', keyId, 201],
      upload: ['upload.accept', keyId, job, 202],
      delete: ['job.delete', keyId, job, 200],
      change: ['key.change', 'admin', keyId, 200],
      secret: ['key.webhook_secret', 'admin', keyId, 200],
      rotate: ['key.rotate', 'admin', keyId, 200],
      revoke: ['key.revoke', 'admin', keyId, 200],
      read: ['admin.read', 'admin', null, 200],
      pause: ['admin.act', 'admin', null, 405],
    };
    for (const [id, [action, who, target, status]] of Object.entries(expected)) {
      const entry = await written(id);
      expect(entry).toMatchObject({ action, key_id: who, target, status, request_id: id });
      expect(entry).toMatchObject({ address: '203.0.113.7', user_agent: 'a test/1.0' });
      expect(await inStream(id)).toEqual(entry);
    }
    for (const [id, error] of [
      ['no-key', 'unauthorized'],
      ['wrong-key', 'forbidden'],
      ['revoked-key', 'forbidden'],
      ['not-the-admin', 'forbidden'],
      ['not-at-the-dashboard', 'forbidden'],
    ] as const) {
      expect(await inStream(id)).toMatchObject({ action: 'login.refused', error, address: '203.0.113.7' });
    }
    expect(await inStream('revoke-nothing')).toMatchObject({ action: 'key.revoke', error: 'key_not_found' });
    expect((await inFile()).filter(({ request_id }) => request_id === 'nothing-special')).toEqual([]);
  });

  it('has nothing secret in it', async () => {
    const { day } = periodsAt(Date.now());
    const file = await readFile(join(service.folder, 'data/audit', `audit-${day}.jsonl`), 'utf8');
    const stream = JSON.stringify(await service.redis.client().xrange(`${service.prefix}:audit`, '-', '+'));
    for (const secret of secrets) expect([file, stream].filter((text) => text.includes(secret))).toEqual([]);
    expect(secrets).toHaveLength(7);
  });

  it('is read back in pages, newest first, of an action or a key', async () => {
    const all = (await page('limit=500')).entries.filter(({ request_id }) => request_id !== 'reader');
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { entries, next_cursor: next } = await page(`limit=3${cursor && `&cursor=${cursor}`}`);
      expect(entries.length).toBeLessThanOrEqual(3);
      ids.push(...entries.map(({ request_id }) => request_id));
      cursor = next;
    }
    expect(ids.filter((id) => id !== 'reader')).toEqual(all.map(({ request_id }) => request_id));
    const refused = await page('action=login.refused');
    expect(refused.entries.map(({ request_id }) => request_id)).toEqual([
      'not-at-the-dashboard',
      'not-the-admin',
      'revoked-key',
      'wrong-key',
      'no-key',
    ]);
    const keyId = all.find(({ action }) => action === 'upload.accept')?.key_id;
    expect((await page(`key_id=${keyId}`)).entries.map(({ action }) => action)).toEqual([
      'job.delete',
      'upload.accept',
    ]);
    expectError(await ask('/admin/audit?action=x', { key: ADMIN, id: 'reader' }), 422, 'invalid_parameter');
    expectError(await ask('/admin/audit', { key: 'the first key', id: 'reader' }), 403, 'forbidden');
  });

  it('goes on in the stream when the file cannot be written, and says so once', async () => {
    const api = await service.addApi({ AUDIT_LOG_FILE: '/dev/null/audit.jsonl' });
    for (const id of ['unwritten-1', 'unwritten-2']) await ask('/jobs', { id, url: api.url });
    await inStream('unwritten-2');
    const metrics = await waitFor(
      async () => {
        const { text } = await send(`${api.url}/metrics`, { headers: { 'X-API-Key': ADMIN } });
        return /sotto_audit_entries_lost_total\{.*sink="file".*\} 2/.test(text) ? text : null;
      },
      { what: 'two lost entries to be counted' },
    );
    expect(metrics).not.toMatch(/sotto_audit_entries_lost_total\{.*sink="stream"/);
  });

  it('goes on in the file while Redis is away, and in both when it is back', async () => {
    await service.redis.kill9();
    await ask('/jobs', { id: 'in-the-outage' });
    expect(await written('in-the-outage')).toMatchObject({ action: 'login.refused' });
    await service.redis.restart();
    await waitFor(async () => (await ask('/admin/keys', { key: ADMIN, id: 'again' })).status === 200, {
      what: 'Redis to be back',
    });
    await ask('/jobs', { id: 'after-it' });
    await inStream('after-it');
    await written('after-it');
  });
});
