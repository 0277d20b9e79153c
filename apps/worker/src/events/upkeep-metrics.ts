import { Gauge, type Registry } from 'prom-client';
import { counter, secondsHistogram } from './instruments.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/** What a worker does beside runs. */
export function countUpkeep(registry: Registry): OnWorkerEvent {
  const loads = counter(registry, 'sotto_model_loads_total', 'Models loaded into memory.', 'model');
  const failures = counter(
    registry,
    'sotto_model_load_failures_total',
    'Loads of a model that failed and were tried again.',
    'model',
  );
  const waits = counter(
    registry,
    'sotto_model_waits_total',
    'Windows that waited, as there was no memory for their model.',
    'model',
  );
  const loadTime = secondsHistogram(registry, 'sotto_model_load_seconds', 'Time to load a model.', 'model');
  const memory = new Gauge({
    name: 'sotto_model_memory_bytes',
    help: 'Memory of a loaded model: its weights, and its slots when they are used to the full.',
    labelNames: ['model'],
    registers: [registry],
  });
  const webhooks = counter(registry, 'sotto_webhook_attempts_total', 'Attempts to deliver webhooks.', 'outcome');
  const quotas = counter(
    registry,
    'sotto_quota_events_total',
    'Times that 80 or 100 % of a quota of an API key had been used.',
    'quota',
    'percent',
  );
  const swept = counter(registry, 'sotto_swept_blobs_total', 'Leftover blobs removed.');
  return (event) => {
    if (event.type === 'model_loaded') {
      loads.inc({ model: event.model });
      loadTime.observe({ model: event.model }, event.tookMs / 1000);
      memory.set({ model: event.model }, event.memoryBytes);
    }
    if (event.type === 'model_load_failed') failures.inc({ model: event.model });
    if (event.type === 'model_waits') waits.inc({ model: event.model });
    if (event.type === 'model_unloaded') memory.remove({ model: event.model });
    if (event.type === 'webhook') webhooks.inc({ outcome: event.outcome });
    if (event.type === 'quota') quotas.inc({ quota: event.name, percent: String(event.percent) });
    if (event.type === 'swept') swept.inc(event.blobs + event.temporary);
  };
}
