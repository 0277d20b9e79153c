import { expect, it } from '@jest/globals';
import { activityOf, chunkActivity, localMasks } from './local-activity.ts';

it('adds the classes in which a local speaker speaks', () => {
  // nobody, 0, 1, 2, 0 and 1, 0 and 2, 1 and 2
  const activity = activityOf(Float32Array.from([0.1, 0.2, 0, 0, 0.4, 0.2, 0.1, 1, 0, 0, 0, 0, 0, 0]));
  expect([...activity]).toEqual([0.8, 0.5, 0.3].map((p) => Math.round(p * 255)).concat([0, 0, 0]));
});

it('tells who speaks alone', () => {
  const chunks = new Uint8Array(2 * 589 * 3);
  chunks.set([255, 0, 0, 200, 130, 0, 0, 140, 127], 589 * 3);
  const [first, second, third] = localMasks(chunkActivity(chunks, 1));
  expect(first).toMatchObject({ activeFrames: 2, aloneFrames: 1 });
  expect(second).toMatchObject({ activeFrames: 2, aloneFrames: 1 });
  expect(third).toMatchObject({ activeFrames: 0, aloneFrames: 0 });
  expect(first?.alone.slice(0, 3)).toEqual([true, false, false]);
  expect(second?.active.slice(0, 3)).toEqual([false, true, true]);
});
