import type { EngineReport } from '@sotto/contracts';
import type { ConsumerEvent } from '@sotto/queue';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { OnWorkerEvent } from './worker-event.ts';

/** From a silent second to an hour of video. */
const SECONDS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** The part of an engine's report that is cheap to get. */
export type EngineReading = Pick<EngineReport, 'kind' | 'device' | 'slots' | 'busy' | 'speed'>;

/**
 * Counts what happens in this worker; events become metrics only here. Labels have few values: kinds of job, error
 * codes, containers, languages and installed models; never ids, names of files or texts.
 */
export function countEvents(registry: Registry, engines: () => EngineReading[]): OnWorkerEvent {
  const registers = [registry];
  const jobs = new Counter({
    name: 'sotto_worker_jobs_total',
    help: 'Jobs of this worker, by kind and outcome.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const jobSeconds = new Histogram({
    name: 'sotto_worker_job_seconds',
    help: 'Time a job occupied a slot of this worker.',
    labelNames: ['kind'],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const waitSeconds = new Histogram({
    name: 'sotto_worker_job_wait_seconds',
    help: 'Time from adding a job to its first start.',
    labelNames: ['kind'],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'sotto_worker_failures_total',
    help: 'Runs that failed here, by error code.',
    labelNames: ['code'],
    registers,
  });
  const stalled = new Counter({
    name: 'sotto_worker_stalled_total',
    help: 'Jobs whose worker had stopped renewing its lock.',
    registers,
  });
  const handedBack = new Counter({
    name: 'sotto_worker_handed_back_total',
    help: 'Jobs handed back because only a newer version knows them.',
    labelNames: ['queue'],
    registers,
  });
  const prepared = new Counter({
    name: 'sotto_prepared_audio_seconds_total',
    help: 'Audio decoded and divided into windows, by container of the upload.',
    labelNames: ['container'],
    registers,
  });
  const speech = new Counter({
    name: 'sotto_prepared_speech_seconds_total',
    help: 'The part of the decoded audio that is in windows.',
    registers,
  });
  const audio = new Counter({
    name: 'sotto_transcribed_audio_seconds_total',
    help: 'Audio transcribed in windows.',
    labelNames: ['model'],
    registers,
  });
  const engine = new Counter({
    name: 'sotto_engine_seconds_total',
    help: 'Wall time of the engine.',
    labelNames: ['model'],
    registers,
  });
  const windows = new Counter({
    name: 'sotto_windows_total',
    help: 'Windows transcribed by this worker.',
    labelNames: ['model', 'language'],
    registers,
  });
  const found = new Counter({
    name: 'sotto_windows_found_total',
    help: 'Windows that had a result already.',
    labelNames: ['model'],
    registers,
  });
  const again = new Counter({
    name: 'sotto_retranscribed_seconds_total',
    help: 'Speech without words that was transcribed again; outcome: taken or refused.',
    labelNames: ['model', 'outcome'],
    registers,
  });
  const transcripts = new Counter({
    name: 'sotto_transcripts_total',
    help: 'Transcripts completed by this worker.',
    labelNames: ['model', 'language'],
    registers,
  });
  const loads = new Counter({
    name: 'sotto_model_loads_total',
    help: 'Models loaded into memory.',
    labelNames: ['model'],
    registers,
  });
  const webhooks = new Counter({
    name: 'sotto_webhook_attempts_total',
    help: 'Attempts to deliver webhooks.',
    labelNames: ['outcome'],
    registers,
  });
  const quotas = new Counter({
    name: 'sotto_quota_events_total',
    help: 'Times that 80 or 100 % of a quota of an API key had been used.',
    labelNames: ['quota', 'percent'],
    registers,
  });
  const swept = new Counter({ name: 'sotto_swept_blobs_total', help: 'Leftover blobs removed.', registers });
  addEngineGauges(registers, engines);

  const countJob = (event: ConsumerEvent): void => {
    if (event.type === 'stalled') stalled.inc();
    if (event.type === 'handed_back') handedBack.inc({ queue: event.queue });
    if (event.type === 'taken' && event.waitedMs !== null)
      waitSeconds.observe({ kind: event.kind }, event.waitedMs / 1000);
    if (event.type === 'failed') failures.inc({ code: event.error.code });
    if ('tookMs' in event) {
      jobs.inc({ kind: event.kind, outcome: event.type });
      jobSeconds.observe({ kind: event.kind }, event.tookMs / 1000);
    }
  };
  return (event) => {
    switch (event.type) {
      case 'job':
        return countJob(event.event);
      case 'prepared':
        prepared.inc({ container: event.container }, event.audioMs / 1000);
        return speech.inc(event.speechMs / 1000);
      case 'window':
        windows.inc({ model: event.model, language: event.language });
        engine.inc({ model: event.model }, event.engineMs / 1000);
        return audio.inc({ model: event.model }, event.audioMs / 1000);
      case 'window_found':
        return found.inc({ model: event.model });
      case 'retranscribed':
        return again.inc({ model: event.model, outcome: event.isSure ? 'taken' : 'refused' }, event.audioMs / 1000);
      case 'transcribed':
        return transcripts.inc({ model: event.model, language: event.language ?? 'none' });
      case 'model_loaded':
        return loads.inc({ model: event.model });
      case 'webhook':
        return webhooks.inc({ outcome: event.outcome });
      case 'quota':
        return quotas.inc({ quota: event.name, percent: String(event.percent) });
      case 'swept':
        return swept.inc(event.blobs + event.temporary);
      case 'model_unloaded':
        return;
    }
  };
}

function addEngineGauges(registers: Registry[], engines: () => EngineReading[]): void {
  const gauge = (name: string, help: string, read: (engine: EngineReading) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['engine'],
      registers,
      collect() {
        for (const engine of engines()) this.set({ engine: engine.kind }, read(engine));
      },
    });
  gauge(
    'sotto_worker_slots',
    'How much an engine of this worker does at once (transcribe: windows).',
    ({ slots }) => slots,
  );
  gauge('sotto_worker_slots_busy', 'How much of that it is doing now.', ({ busy }) => busy);
  gauge('sotto_worker_rtfx', 'Audio seconds per wall second, over its last windows.', ({ speed }) => speed ?? 0);
}
