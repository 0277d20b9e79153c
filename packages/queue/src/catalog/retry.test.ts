import { describe, expect, it } from '@jest/globals';
import { ERROR_CATALOG, type ErrorCode, SottoError } from '@sotto/contracts';
import { retryDecision } from './retry.ts';

const codes = Object.keys(ERROR_CATALOG) as ErrorCode[];
const decisionOf = (code: ErrorCode) => retryDecision(new SottoError(code, 'x'));

const away: ErrorCode[] = [
  'queue_unavailable',
  'queue_memory_full',
  'storage_unavailable',
  'disk_full',
  'model_loading',
];

describe('retryDecision', () => {
  it('tries faults of the service again', () => {
    const final: ErrorCode[] = ['blob_missing', 'still_running', 'outage'];
    for (const code of codes.filter((each) => ERROR_CATALOG[each].status >= 500 && !final.includes(each))) {
      expect([code, decisionOf(code)]).toEqual([code, away.includes(code) ? 'wait' : 'retry']);
    }
  });

  it('fails what is wrong with the recording at once', () => {
    const recording: ErrorCode[] = ['undecodable_media', 'no_audio_stream', 'audio_too_long', 'audio_too_short'];
    for (const code of [...recording, 'blob_missing' as const]) expect(decisionOf(code)).toBe('fail');
  });

  it('never repeats what the catalogue calls final', () => {
    for (const code of codes.filter((each) => !ERROR_CATALOG[each].retryable)) {
      expect([code, decisionOf(code)]).not.toEqual([code, 'retry']);
    }
  });

  it('ends a cancelled job, and tries unknown errors again', () => {
    expect(decisionOf('job_cancelled')).toBe('cancel');
    for (const thrown of [new TypeError('x'), 'text', undefined]) expect(retryDecision(thrown)).toBe('retry');
  });
});
