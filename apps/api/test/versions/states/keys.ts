import { waitFor } from '@sotto/testkit';
import { Client } from '../client.ts';
import type { Stage, StateRecipe } from '../freeze.ts';

const FIRST_KEY = 'the first key of a service that was frozen';
/** Four clips of some three seconds, and not a fifth. */
const DAY_MINUTES = 0.2;

/** API keys with what they used and may use, work of theirs that waits, half an upload, and an audit log. */
export const keys: StateRecipe = {
  name: 'keys',
  env: { ENABLE_API_KEY: 'true', API_KEY: FIRST_KEY, ALLOWED_NETWORKS: '127.0.0.1' },
  workers: 1,
  play: async (stage) => {
    const { service, receiver, recordings, jobs, known } = stage;
    const admin = new Client(service.url, FIRST_KEY);
    const terms = { audio_minutes_per_day: DAY_MINUTES, weight: 2, webhook_url: receiver.url };
    const made = await admin.postJson(201, '/admin/keys', { name: 'with a quota', ...terms });
    const client = new Client(service.url, String(made.key));
    const revoked = await admin.postJson(201, '/admin/keys', { name: 'revoked' });
    await admin.json(200, `/admin/keys/${revoked.id}`, { method: 'DELETE' });
    const before = await admin.postJson(201, '/admin/keys', { name: 'rotated' });
    const grace = { grace_seconds: 3600 };
    const after = await admin.postJson(200, `/admin/keys/${before.id}/rotate`, grace);
    Object.assign(known, {
      firstKey: FIRST_KEY,
      key: String(made.key),
      keyId: String(made.id),
      webhookSecret: String(made.webhook_secret),
      revoked: String(revoked.key),
      beforeRotation: String(before.key),
      afterRotation: String(after.key),
    });

    const [first, second, third] = recordings.clips;
    if (!first || !second || !third) throw new Error('Too few recordings.');
    for (const { wav, text } of [first, second]) {
      const id = await client.submit(wav);
      await client.ended(id);
      jobs.push({ id, what: 'a clip of the key', ends: 'completed', text });
    }
    await waitFor(() => receiver.calls.length === 2, { what: 'webhooks of both' });
    await service.workers[0]?.process.kill9();
    const id = await client.submit(third.wav);
    jobs.push({ id, what: 'a clip of the key that waits', ends: 'completed', text: third.text });
    await sendHalf(stage, client);
  },
};

/** The first half of a clip, as a resumable upload. */
async function sendHalf({ recordings, known }: Stage, client: Client): Promise<void> {
  const { wav, name, text } = recordings.get('clip-4');
  const tus = { 'Tus-Resumable': '1.0.0' };
  const created = await client.ask(201, '/uploads', {
    method: 'POST',
    headers: { ...tus, 'Upload-Length': String(wav.length) },
  });
  const path = new URL(created.headers.get('location') ?? '', client.url).pathname;
  const half = Math.floor(wav.length / 2);
  await client.ask(204, path, {
    method: 'PATCH',
    headers: { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' },
    body: new Uint8Array(wav.subarray(0, half)),
  });
  Object.assign(known, { upload: path, uploaded: String(half), uploadedRecording: name, uploadedText: text });
}
