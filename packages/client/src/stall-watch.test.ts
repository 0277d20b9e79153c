import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StallWatch } from './stall-watch.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a watch for lines that stand still', () => {
  it('aborts when nothing has moved for a minute, and not before', () => {
    const watch = new StallWatch('http://127.0.0.1:1/uploads/x', undefined);
    for (let i = 0; i < 5; i += 1) {
      jest.advanceTimersByTime(59_000);
      watch.moved();
    }
    expect(watch.signal.aborted).toBe(false);
    jest.advanceTimersByTime(60_000);
    expect(watch.signal.reason).toMatchObject({ name: 'ConnectionError' });
  });

  it("aborts with its caller's reason, and leaves no timer behind", () => {
    const caller = new AbortController();
    const watch = new StallWatch('http://127.0.0.1:1/uploads/x', caller.signal);
    caller.abort('enough');
    expect(watch.signal.reason).toBe('enough');
    watch.end();
    watch.moved();
    expect(jest.getTimerCount()).toBe(0);
  });
});
