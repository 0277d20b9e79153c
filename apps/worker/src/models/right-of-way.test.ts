import { describe, expect, it } from '@jest/globals';
import { RightOfWay } from './right-of-way.ts';

const never = new AbortController().signal;

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Lets so much time go by, in which nobody rests. */
async function worked(ms: number): Promise<void> {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a long piece of work', () => {
  it('goes on at once when nothing goes first', async () => {
    const giveWay = new RightOfWay().yielding();
    await worked(100);
    await giveWay(never);
  });

  it('stands aside until what goes first is over, all of it', async () => {
    const way = new RightOfWay();
    const giveWay = way.yielding();
    await worked(300);
    const order: string[] = [];
    const [one, two] = [deferred(), deferred()];
    const ahead = [one, two].map(({ promise }, i) => way.during(() => promise).then(() => order.push(`ahead ${i}`)));
    const resting = giveWay(never).then(() => order.push('long'));
    one.resolve();
    await ahead[0];
    await worked(20);
    expect(order).toEqual(['ahead 0']);
    two.resolve();
    await Promise.all([...ahead, resting]);
    expect([...order].sort()).toEqual(['ahead 0', 'ahead 1', 'long']);
  });

  it('has half of its time, whatever comes', async () => {
    const way = new RightOfWay();
    const giveWay = way.yielding();
    const over = deferred();
    const ahead = way.during(() => over.promise);
    await worked(100);
    const beganMs = performance.now();
    await giveWay(never);
    expect(performance.now() - beganMs).toBeGreaterThan(80);
    // It has rested as long as it has worked: the next rest is a short one.
    await giveWay(never);
    over.resolve();
    await ahead;
  });

  it('is over while it rests when its signal says so', async () => {
    const way = new RightOfWay();
    const giveWay = way.yielding();
    const over = deferred();
    const ahead = way.during(() => over.promise);
    await worked(300);
    const stop = new AbortController();
    const resting = giveWay(stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(resting).rejects.toThrow('cancelled');
    over.resolve();
    await ahead;
  });
});
