import { randomUUID } from 'node:crypto';
import { Voices } from '@sotto/queue';
import type { Service } from '@sotto/testkit';
import { storeOwnVoice } from '../own-voices.ts';

const COUNT = 20;
const HEARD = { model: 'community-1', embedding: Buffer.alloc(1024, 1).toString('base64'), speechMs: 6_000 };

/** Voices, since nobody's can be heard in what is sent: of people to be recognized, and some that speak. */
export async function seedVoices(service: Service): Promise<void> {
  const voices = new Voices(service.redis.client(), { prefix: service.prefix, resultTtlSeconds: 60 });
  for (let at = 0; at < COUNT; at++) {
    const name = `Voice ${at}`;
    const named = { id: randomUUID(), name, consent: 'a test', createdAtMs: Date.now() };
    await voices.put(null, { ...named, ...HEARD }, 100);
    await storeOwnVoice(service, null, name, ['espeak', 'espeak']);
  }
}
