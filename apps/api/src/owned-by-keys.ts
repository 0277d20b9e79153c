import { Dictionaries, OwnVoices, type QueueSettings, Vocabularies, Voices } from '@sotto/queue';

type Redis = ConstructorParameters<typeof Voices>[0];

/** What each API key has of its own, for its requests to name. */
export interface OwnedByKeys {
  vocabularies: Vocabularies;
  dictionaries: Dictionaries;
  voices: Voices;
  ownVoices: OwnVoices;
}

export const ownedByKeys = (redis: Redis, queue: QueueSettings): OwnedByKeys => ({
  vocabularies: new Vocabularies(redis, queue),
  dictionaries: new Dictionaries(redis, queue),
  voices: new Voices(redis, queue),
  ownVoices: new OwnVoices(redis, queue),
});
