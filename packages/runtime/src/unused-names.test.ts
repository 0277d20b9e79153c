import { describe, expect, it } from '@jest/globals';
import { unusedNameNotes } from './unused-names.ts';

describe('unusedNameNotes', () => {
  it('has a sentence for each name that is set and not used here', () => {
    expect(unusedNameNotes({ celery_broker_url: 'redis://x', PORT: '1' })).toEqual([
      'CELERY_BROKER_URL is not used: there is no Celery; the queue is in REDIS_URL',
    ]);
  });
});
