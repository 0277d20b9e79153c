import { describe, expect, it } from '@jest/globals';
import { LiveOutbox } from './live-outbox.ts';

/** Every sample is its own number. */
const samples = (at: number, count: number): Uint8Array =>
  new Uint8Array(Int16Array.from({ length: count }, (_, index) => at + index).buffer);

/** What is sent: samples by their numbers, messages as they are. */
function sent(outbox: LiveOutbox): (number[] | string)[] {
  const all: (number[] | string)[] = [];
  for (let next = outbox.next(); next !== null; next = outbox.next()) {
    all.push(typeof next === 'string' ? next : [...new Int16Array(next.slice().buffer)]);
  }
  return all;
}

describe('what a live session is sent', () => {
  it('goes out once, in order, in whole samples', () => {
    const outbox = new LiveOutbox(2);
    const bytes = samples(0, 4);
    outbox.addAudio(bytes.subarray(0, 3));
    outbox.addAudio(bytes.subarray(3, 4));
    outbox.addMessage('commit');
    outbox.addAudio(bytes.subarray(4));
    expect(sent(outbox)).toEqual([[0], [1], 'commit', [2, 3]]);
    expect(sent(outbox)).toEqual([]);
    expect(outbox.waitingSamples).toBe(4);
    outbox.acknowledge(3);
    expect(outbox.waitingSamples).toBe(1);
  });

  it('is sent again from any sample on, with what was said there', () => {
    const outbox = new LiveOutbox(2);
    outbox.addAudio(samples(0, 4));
    outbox.addMessage('clear');
    outbox.addAudio(samples(4, 4));
    outbox.addMessage('commit');
    sent(outbox);
    outbox.rewind(6);
    expect(sent(outbox)).toEqual([[6, 7], 'commit']);
    outbox.rewind(4);
    expect(sent(outbox)).toEqual(['clear', [4, 5], [6, 7], 'commit']);
    outbox.rewind(8);
    expect(sent(outbox)).toEqual(['commit']);
    outbox.rewind(0);
    expect(sent(outbox)).toEqual([[0, 1, 2, 3], 'clear', [4, 5], [6, 7], 'commit']);
  });

  it('is kept for half a minute after it was acknowledged, and no longer', () => {
    const outbox = new LiveOutbox(2);
    const second = new Uint8Array(32_000);
    for (let at = 0; at < 60; at += 1) outbox.addAudio(second);
    sent(outbox);
    outbox.acknowledge(60 * 16_000);
    expect(() => outbox.rewind(20 * 16_000)).toThrow(expect.objectContaining({ code: 'live_audio_missing' }));
    outbox.rewind(45 * 16_000);
    expect(sent(outbox)).toHaveLength(15);
  });

  it('keeps what was never sent, whatever is acknowledged', () => {
    const outbox = new LiveOutbox(1);
    outbox.addAudio(new Uint8Array(10));
    outbox.acknowledge(10_000_000);
    expect(outbox.next()).toHaveLength(10);
  });

  it('leaves out what the service has of a session that another process began, however late it is added', () => {
    const outbox = new LiveOutbox(2, 10);
    outbox.addAudio(samples(10, 4));
    outbox.rewind(20);
    outbox.addAudio(samples(14, 4));
    expect(sent(outbox)).toEqual([]);
    outbox.addAudio(samples(18, 4));
    expect(sent(outbox)).toEqual([[20, 21]]);
    expect(outbox.acknowledgedSamples).toBe(20);
    outbox.rewind(12);
    expect(sent(outbox)).toEqual([
      [12, 13],
      [14, 15, 16, 17],
      [18, 19],
      [20, 21],
    ]);
  });

  it('is bounded', () => {
    const outbox = new LiveOutbox(1);
    outbox.addAudio(new Uint8Array(5_760_001));
    expect(() => outbox.addAudio(new Uint8Array(1))).toThrow(RangeError);
  });
});
