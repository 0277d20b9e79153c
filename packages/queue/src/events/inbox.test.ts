import { describe, expect, it } from '@jest/globals';
import type { StoredRunEvent } from '@sotto/contracts';
import { Inbox } from './inbox.ts';

const events = (count: number): StoredRunEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index}-0`,
    event: { type: 'progress', stage: 'transcribing', progress: 1 },
  }));

describe('Inbox', () => {
  it('returns the events since the last call, then the end', async () => {
    const inbox = new Inbox<StoredRunEvent>();
    inbox.push(events(2));
    inbox.push(events(1));
    inbox.close();
    expect(await inbox.take()).toHaveLength(3);
    expect(await inbox.take()).toBeNull();
  });

  it('keeps little for a follower that takes nothing, says so once, and starts again', async () => {
    const inbox = new Inbox<StoredRunEvent>();
    for (let times = 0; times < 20; times += 1) inbox.push(events(100));
    expect(await inbox.take()).toBe('behind');
    inbox.push(events(5));
    inbox.close(new Error('away'));
    expect(await inbox.take()).toHaveLength(5);
    await expect(inbox.take()).rejects.toThrow('away');
  });
});
