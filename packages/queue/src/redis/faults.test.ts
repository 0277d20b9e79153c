import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { isRedisFault, queueUnavailable, reach } from './faults.ts';

const FAULTS = [
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  'LOADING Redis is loading the dataset in memory',
  'NOAUTH Authentication required.',
  'WRONGPASS invalid username-password pair or user is disabled.',
  "OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:3.",
  "ERR Error running script (call to f_1f): @user_script:3: @user_script: 3: -OOM command not allowed when used memory > 'maxmemory'.",
  'MOVED 3999 127.0.0.1:6381',
  "READONLY You can't write against a read only replica.",
  "ERR Error running script (call to f_1f): @user_script:1: -READONLY You can't write against a read only replica.",
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist on disk.',
  'CLUSTERDOWN The cluster is down',
  'Connection is closed.',
  'Command timed out',
  'Command aborted due to connection close',
  "Stream isn't writeable and enableOfflineQueue options is false",
  'read ECONNRESET',
];

const OTHERS = [
  'ERR unknown command',
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'BUSYGROUP Consumer Group name already exists',
  'the speaker said READONLY and BUSY',
  'Missing key for job 12. moveToFinished',
];

describe('isRedisFault', () => {
  it.each(FAULTS)('is true for: %s', (message) => {
    expect(isRedisFault(new Error(message))).toBe(true);
  });

  it.each(OTHERS)('is false for: %s', (message) => {
    expect(isRedisFault(new Error(message))).toBe(false);
  });

  it('looks at codes of sockets, at causes, and at what ended a transaction', () => {
    const oom = new Error('OOM command not allowed');
    const aborted = new Error('EXECABORT Transaction discarded because of previous errors.');
    expect(isRedisFault(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }))).toBe(true);
    expect(isRedisFault(new Error('could not store it', { cause: oom }))).toBe(true);
    expect(isRedisFault(aborted)).toBe(false);
    expect(isRedisFault(Object.assign(aborted, { previousErrors: [oom] }))).toBe(true);
    expect(isRedisFault(queueUnavailable(oom))).toBe(true);
    expect(isRedisFault(new SottoError('transcription_failed', 'OOM'))).toBe(false);
    expect(isRedisFault('READONLY')).toBe(false);
  });

  it('ends with causes that go in circles', () => {
    const error = new Error('no fault');
    error.cause = error;
    expect(isRedisFault(error)).toBe(false);
  });
});

describe('reach', () => {
  it('makes a fault 503 with the time to try again, and passes on everything else', async () => {
    for (const message of FAULTS)
      await expect(reach(Promise.reject(new Error(message)))).rejects.toMatchObject({
        code: 'queue_unavailable',
        status: 503,
        retryAfterSeconds: 5,
      });
    for (const message of OTHERS) await expect(reach(Promise.reject(new Error(message)))).rejects.toThrow(message);
  });
});
