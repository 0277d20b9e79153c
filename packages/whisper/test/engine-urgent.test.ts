import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WhisperModel } from '../src/index.ts';
import { nanoPath, nanoPhrases, packed, textOf } from './engine-fixtures.ts';

describe('an urgent window', () => {
  let nano: string;
  let pcm: Int16Array;
  let model: WhisperModel;

  beforeAll(async () => {
    nano = await nanoPath();
    pcm = packed(await nanoPhrases(3, 17), 300);
  });

  afterEach(() => model.close());

  const load = async (slots: number, more: { reservedSlots?: number; longestRestMs?: number } = {}) => {
    model = await WhisperModel.load(nano, { device: 'cpu', slots, threads: 1, ...more });
  };

  /** Names in the order in which they are done, and their texts; `last` comes when the engine is at work on another. */
  async function race(names: string[], last: string, urgent: boolean) {
    const order: string[] = [];
    const texts = new Map<string, string>();
    const run = async (name: string, hooks: { onProgress?: () => void; urgent?: boolean } = {}) => {
      texts.set(name, textOf(await model.transcribe(pcm, { language: 'en' }, hooks)));
      order.push(name);
    };
    let earlier: Promise<void>[] = [];
    await new Promise<void>((begun) => {
      earlier = names.map((name) => run(name, { onProgress: begun }));
    });
    await Promise.all([...earlier, run(last, { urgent })]);
    return { order, texts: new Set(texts.values()) };
  }

  it('is done before those that are at work already, and changes nothing of them', async () => {
    await load(3);
    const calm = await race(['a', 'b'], 'c', false);
    const hurried = await race(['a', 'b'], 'c', true);
    expect(calm.order).toEqual(['a', 'b', 'c']);
    expect(hurried.order).toEqual(['c', 'a', 'b']);
    expect(hurried.texts).toEqual(calm.texts);
    expect(calm.texts.size).toBe(1);
  });

  it('takes the next free slot, whoever waits for one', async () => {
    await load(1);
    expect((await race(['a', 'b'], 'c', true)).order).toEqual(['a', 'c', 'b']);
  });

  it('has a slot reserved for it, which nobody else takes', async () => {
    await load(1, { reservedSlots: 1 });
    expect(model.info.slots).toBe(1);
    expect((await race(['a', 'b'], 'c', true)).order).toEqual(['c', 'a', 'b']);
    expect((await race(['a', 'b'], 'c', false)).order).toEqual(['a', 'b', 'c']);
  });

  it('does not keep another from its end when urgent ones come without a pause', async () => {
    await load(1, { reservedSlots: 2, longestRestMs: 50 });
    let isDone = false;
    let urgentDone = 0;
    const stream = async () => {
      for (; !isDone && urgentDone < 200; urgentDone += 1) {
        await model.transcribe(pcm, { language: 'en' }, { urgent: true });
      }
    };
    const streams: Promise<void>[] = [];
    await model.transcribe(
      pcm,
      { language: 'en' },
      {
        // Two at a time: when one ends, the other is still there.
        onProgress: () => streams.length < 2 && streams.push(stream()),
      },
    );
    isDone = true;
    await Promise.all(streams);
    expect(urgentDone).toBeGreaterThan(1);
    expect(urgentDone).toBeLessThan(200);
  });
});
