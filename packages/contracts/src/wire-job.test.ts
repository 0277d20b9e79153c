import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS } from './options.ts';
import type { JobRequest, TranscriptionRun } from './run.ts';
import { wireStatusSchema, wireWebhookEventSchema } from './wire.ts';
import { toWireJob } from './wire-job.ts';

const ID = '00000000-0000-4000-8000-000000000000';

const request: JobRequest = {
  id: ID,
  runId: ID,
  keyId: null,
  createdAtMs: 1_000,
  delivery: {
    responseFormat: 'json',
    granularity: 'segment',
    async: true,
    priority: null,
    cancelOnDisconnect: false,
    cache: true,
  },
  fileName: 'talk.mp3',
};

const processing: TranscriptionRun = {
  kind: 'transcription',
  result: null,
  leastWorker: 1,
  waiting: null,
  extras: {},
  id: ID,
  status: 'processing',
  stage: 'transcribing',
  progress: 41.9,
  upload: { blobKey: 'b', sha256: 'a'.repeat(64), bytes: 1, container: 'mp3', fileName: 'talk.mp3' },
  options: DEFAULT_RUN_OPTIONS,
  lane: 'batch',
  keyId: null,
  createdAtMs: 1_000,
  startedAtMs: 2_000,
  endedAtMs: null,
  durationMs: 90_500,
  windowsTotal: null,
  windowsDone: 0,
  error: null,
  warnings: [],
};

const seen = (changes: Partial<TranscriptionRun>) => toWireJob({ request, run: { ...processing, ...changes } }, '/v1');

describe('a job on the wire', () => {
  it('has times in ISO 8601, lengths in seconds and whole percents', () => {
    expect(seen({})).toEqual({
      job_id: ID,
      kind: 'transcription',
      status: 'processing',
      progress: 41,
      file_name: 'talk.mp3',
      created_at: '1970-01-01T00:00:01.000Z',
      started_at: '1970-01-01T00:00:02.000Z',
      duration: 90.5,
    });
  });

  it.each([
    ['completed', { completed_at: '1970-01-01T00:00:03.000Z', result_url: `/v1/jobs/${ID}/result` }],
    ['failed', { failed_at: '1970-01-01T00:00:03.000Z', error: 'no_audio_stream', detail: 'Silence.' }],
    ['cancelled', { cancelled_at: '1970-01-01T00:00:03.000Z' }],
  ] as const)('%s: says when and what of it, alike in answers and webhooks', (status, expected) => {
    const error = status === 'failed' ? ({ code: 'no_audio_stream', detail: 'Silence.' } as const) : null;
    const job = seen({ status, endedAtMs: 3_000, error });
    const { started_at: _s, duration: _d, job_id: _j, file_name: _f, created_at: _c, progress: _p, ...rest } = job;
    expect(rest).toEqual({ kind: 'transcription', status, ...expected });
    expect(wireStatusSchema.parse(job)).toEqual(job);
    const event = { type: `job.${status}`, timestamp: '1970-01-01T00:00:03.000Z', data: job };
    expect(wireWebhookEventSchema.parse(event)).toEqual(event);
  });
});
