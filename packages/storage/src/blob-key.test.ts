import { expect, it } from '@jest/globals';
import { audioKeyOf, decodedKeysOf, heardKeyOf, runIdOfAudio } from './blob-key.ts';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';

it('all audio of a run says whose it is', () => {
  for (const key of [audioKeyOf(id), audioKeyOf(id, 7), heardKeyOf(id, 12)]) expect(runIdOfAudio(key)).toBe(id);
});

it('what is removed with a run is its audio, that of its channels, and what was heard in it', () => {
  expect(decodedKeysOf({ id, durationMs: null, options: {} })).toEqual([audioKeyOf(id)]);
  expect(decodedKeysOf({ id, durationMs: 301_000, options: {} })).toEqual([
    audioKeyOf(id),
    heardKeyOf(id, 0),
    heardKeyOf(id, 1),
  ]);
  const channels = decodedKeysOf({ id, durationMs: null, options: { channels: 'split' } });
  expect(channels).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((channel) => audioKeyOf(id, channel)));
  expect(new Set(channels).size).toBe(8);
});
