import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import fc from 'fast-check';
import type { LogLevel } from './log-levels.ts';
import { logLine } from './log-line.ts';
import { createLogger, type Logger } from './logger.ts';

function capture(level: LogLevel): { logger: Logger; lines: () => Record<string, unknown>[] } {
  const destination = new PassThrough();
  const logger = createLogger({ service: 'transcription-service', level, destination });
  const lines = () =>
    String(destination.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { logger, lines };
}

describe('createLogger', () => {
  it('writes the line of the specification', () => {
    const { logger, lines } = capture('INFO');
    logger.info('Transcription completed successfully', {
      requestId: 'r-1',
      userId: 'k-1',
      endpoint: '/transcribe',
      method: 'POST',
      statusCode: 200,
      durationMs: 1234,
      fileSize: 5242880,
      language: 'en',
    });
    const [line] = lines();
    expect(line).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'INFO',
      service: 'transcription-service',
      request_id: 'r-1',
      user_id: 'k-1',
      endpoint: '/transcribe',
      method: 'POST',
      status_code: 200,
      duration_ms: 1234,
      message: 'Transcription completed successfully',
      metadata: { file_size: 5242880, language: 'en' },
    });
  });

  it('leaves out what is below its level', () => {
    const { logger, lines } = capture('WARNING');
    logger.debug('a');
    logger.info('b');
    logger.warning('c');
    logger.error('d');
    logger.critical('e');
    expect(lines().map((line) => line.level)).toEqual(['WARNING', 'ERROR', 'CRITICAL']);
  });

  it('gives children their fields, and the line the last word', () => {
    const { logger, lines } = capture('DEBUG');
    const child = logger.child({ jobId: 'j-1', model: 'base' }).child({ worker: 'w-1' });
    child.debug('one', { model: 'tiny' });
    expect(lines()).toMatchObject([{ job_id: 'j-1', metadata: { model: 'tiny', worker: 'w-1' } }]);
  });

  it('shows an error with its code, detail and causes', () => {
    const { logger, lines } = capture('INFO');
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    logger.error('failed', { error: new SottoError('queue_unavailable', 'Redis is away.', { cause }) });
    const [line] = lines();
    expect(line).toMatchObject({
      error: {
        name: 'SottoError',
        code: 'queue_unavailable',
        detail: 'Redis is away.',
        stack: expect.stringContaining('SottoError'),
        cause: { message: 'connect', code: 'ECONNREFUSED' },
      },
    });
  });
});

describe('logLine', () => {
  const line = (fields: Record<string, unknown>) =>
    JSON.parse(logLine({ service: 's', level: 'INFO', message: 'm', fields }));

  it('hides secrets by their name, at any depth', () => {
    const text = JSON.stringify(line({ headers: { authorization: 'Bearer x', 'X-API-Key': 'x' }, apiKey: 'x' }));
    expect(text).not.toContain('x"');
    expect(text.match(/\[hidden\]/g)).toHaveLength(3);
  });

  it('survives cycles, BigInts, bytes and getters that throw', () => {
    const cycle: Record<string, unknown> = { big: 10n, bytes: new Uint8Array(5) };
    cycle.self = cycle;
    expect(line({ cycle }).metadata.cycle).toEqual({ big: '10', bytes: '[5 bytes]', self: '[circular]' });
    const shared = { a: 1 };
    expect(line({ one: shared, two: shared }).metadata).toEqual({ one: { a: 1 }, two: { a: 1 } });
    const trap = Object.defineProperty({}, 'x', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    expect(line({ trap }).message).toBe('a log line could not be written');
  });

  it('is one line of JSON whatever is logged', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.anything()), (message, fields) => {
        const text = logLine({ service: 's', level: 'INFO', message, fields });
        expect(text).not.toContain('\n');
        expect(() => JSON.parse(text)).not.toThrow();
      }),
    );
  });
});
