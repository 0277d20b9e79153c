import { randomUUID } from 'node:crypto';
import { type OwnVoice, OwnVoices } from '@sotto/queue';
import type { Service } from '@sotto/testkit';

const HEARD = { model: 'community-1', embedding: Buffer.alloc(1024, 1).toString('base64') };
const hex = (): string => randomUUID().replaceAll('-', '');

export const ownVoicesOf = (service: Service): OwnVoices =>
  new OwnVoices(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 60 });

/** A voice that is ready, and its consent, as if a key had made them; their files are missing. */
export async function storeOwnVoice(
  service: Service,
  keyId: string | null,
  name: string,
  [engine, speaker] = ['kokoro', 'af_heart'] as [string, string],
): Promise<OwnVoice> {
  const ownVoices = ownVoicesOf(service);
  const [id, consent] = [`voice_${hex()}`, `cons_${hex()}`];
  const common = { name, createdAtMs: Date.now(), blobKey: `voices/00/${id}` };
  const matched = {
    engine,
    mix: [{ voice: speaker, share: 1 }],
    language: 'en-us',
    similarity: 0.4,
    nearest: { voice: speaker, similarity: 0.3 },
  };
  const voice: OwnVoice = { id, ...common, consent, jobId: randomUUID(), matched };
  await ownVoices.putConsent(keyId, { id: consent, ...common, language: 'en', ...HEARD });
  await ownVoices.putVoice(keyId, voice);
  return voice;
}
