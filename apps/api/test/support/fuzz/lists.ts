import { Dictionaries, Vocabularies } from '@sotto/queue';
import type { Service } from '@sotto/testkit';

/** Lists of the name that requests use while they know no other. */
export async function seedLists(service: Service): Promise<void> {
  const redis = service.redis.client();
  const settings = { prefix: service.prefix, resultTtlSeconds: 60 };
  await new Vocabularies(redis, settings).put(null, 'none', [{ text: 'Sotto' }], 1);
  await new Dictionaries(redis, settings).put(null, 'none', [{ word: 'SQL', say: 'sequel' }], 1);
}
