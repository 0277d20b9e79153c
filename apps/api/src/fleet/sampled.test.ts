import { describe, expect, it } from '@jest/globals';
import { Sampled } from './sampled.ts';

/** Its first value is 1, its second 2; kept for 100 ms of a clock that is set. */
function counted() {
  let nowMs = 0;
  let measured = 0;
  const sampled = new Sampled(
    100,
    async () => ++measured,
    () => nowMs,
  );
  const setNow = (ms: number) => {
    nowMs = ms;
  };
  return { sampled, setNow };
}

describe('Sampled', () => {
  it('measures once for all who ask together', async () => {
    let measured = 0;
    const sampled = new Sampled(60_000, async () => ++measured);
    expect(await Promise.all([sampled.value(), sampled.value(), sampled.value()])).toEqual([1, 1, 1]);
    expect(await sampled.value()).toBe(1);
    expect(await sampled.fresh()).toBe(2);
  });

  it('answers with the last value at once while it takes a new one, but not with a very old one', async () => {
    const { sampled, setNow } = counted();
    expect(await sampled.value()).toBe(1);
    setNow(150);
    expect(await sampled.value()).toBe(1);
    expect(await sampled.value()).toBe(2);
    setNow(1_000);
    expect(await sampled.value()).toBe(3);
  });

  it('waits for a new value where the last one is old and must not be', async () => {
    const { sampled, setNow } = counted();
    const isNotFirst = (value: number) => value > 1;
    expect(await sampled.value(isNotFirst)).toBe(1);
    expect(await sampled.value(isNotFirst)).toBe(1);
    setNow(150);
    expect(await sampled.value(isNotFirst)).toBe(2);
    setNow(300);
    expect(await sampled.value(isNotFirst)).toBe(2);
  });

  it('measures again after a failure', async () => {
    let calls = 0;
    const sampled = new Sampled(60_000, async () => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      return calls;
    });
    await expect(sampled.value()).rejects.toThrow('away');
    expect(await sampled.value()).toBe(2);
  });
});
