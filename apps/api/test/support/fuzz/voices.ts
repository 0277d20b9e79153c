import { randomUUID } from 'node:crypto';
import { OwnVoices, Voices } from '@sotto/queue';
import type { Service } from '@sotto/testkit';
import { newConsentId, newVoiceId } from '../../../src/own-voices/ids.ts';

const COUNT = 20;
const PRINT = { model: 'community-1', embedding: Buffer.alloc(1024, 1).toString('base64') };

/** Voices, since nobody's can be heard in what is sent: of people to be recognized, and some that speak. */
export async function seedVoices({ redis, prefix }: Service): Promise<void> {
  const settings = { prefix, resultTtlSeconds: 60 };
  const voices = new Voices(redis.client(), settings);
  const own = new OwnVoices(redis.client(), settings);
  const matched = {
    engine: 'espeak',
    mix: [{ voice: 'espeak', share: 1 }],
    language: 'en',
    similarity: 0.4,
    nearest: { voice: 'espeak', similarity: 0.3 },
  };
  for (let at = 0; at < COUNT; at++) {
    const named = { name: `Voice ${at}`, createdAtMs: Date.now() };
    await voices.put(null, { ...named, ...PRINT, id: randomUUID(), consent: 'a test', speechMs: 6_000 }, 100);
    const consent = newConsentId();
    await own.putConsent(null, { ...named, ...PRINT, id: consent, language: 'en', blobKey: 'uploads/00/none' });
    await own.putVoice(null, {
      ...named,
      id: newVoiceId(),
      consent,
      jobId: randomUUID(),
      blobKey: 'uploads/00/none',
      matched,
    });
  }
}
