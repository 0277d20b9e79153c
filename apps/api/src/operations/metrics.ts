import { ENGINE_KINDS, type EngineReport, enginesOf, ROLES } from '@sotto/contracts';
import type { Producer, QueueCounts } from '@sotto/queue';
import { Gauge, type Registry } from 'prom-client';
import { Sampled } from '../fleet/sampled.ts';
import { fleetRtfx, type WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

/** Metrics of the queue, read on each scrape; absent while Redis is unreachable. */
export function addQueueMetrics(
  registry: Registry,
  producer: Pick<Producer, 'counts'>,
  directory: WorkerDirectory,
): void {
  const counts = new Sampled<QueueCounts>(500, () => producer.counts());
  const registers = [registry];
  new Gauge({
    name: 'sotto_queue_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      this.reset();
      const now = await counts.value().catch(() => null);
      for (const [queue, states] of Object.entries(now?.queues ?? {})) {
        for (const [state, count] of Object.entries(states)) this.set({ queue, state }, count);
      }
    },
  });
  new Gauge({
    name: 'sotto_runs_processing',
    help: 'Recordings accepted but not finished.',
    registers,
    async collect() {
      this.reset();
      const now = await counts.value().catch(() => null);
      if (now !== null) this.set(now.runs);
    },
  });
  new Gauge({
    name: 'sotto_workers',
    help: 'Running workers by role.',
    labelNames: ['role'],
    registers,
    async collect() {
      this.reset();
      const fleet = await directory.fleet().catch(() => null);
      for (const role of ROLES) {
        if (fleet) this.set({ role }, fleet.workers.filter(({ roles }) => roles.includes(role)).length);
      }
    },
  });
  new Gauge({
    name: 'sotto_fleet_rtfx',
    help: 'Audio seconds per wall second of all workers together.',
    registers,
    async collect() {
      this.reset();
      const fleet = await directory.fleet().catch(() => null);
      const rtfx = fleet && fleetRtfx(fleet);
      if (rtfx !== null) this.set(rtfx);
    },
  });
  addEngineMetrics(registry, directory);
}

/** Slots of all engines of a kind; none of a kind that no worker has. */
function addEngineMetrics(registry: Registry, directory: WorkerDirectory): void {
  const gauge = (name: string, help: string, read: (engine: EngineReport) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['engine'],
      registers: [registry],
      async collect() {
        const fleet = await directory.fleet().catch(() => null);
        this.reset();
        for (const engine of ENGINE_KINDS.flatMap((kind) => enginesOf(fleet?.workers ?? [], kind))) {
          this.inc({ engine: engine.kind }, read(engine));
        }
      },
    });
  gauge(
    'sotto_fleet_slots',
    'Slots of all engines of a kind (transcribe: windows decoded at once).',
    ({ slots }) => slots,
  );
  gauge('sotto_fleet_slots_busy', 'Slots in use, by kind of engine.', ({ busy }) => busy);
}

export function metricsEndpoint(registry: Registry): Endpoint {
  return endpoint({
    method: 'get',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    tag: 'operations',
    access: 'read',
    answers: { 200: { description: 'Metrics in the Prometheus text format.', content: { 'text/plain': null } } },
    errors: [],
    handle: async ({ response }) => {
      response.type(registry.contentType).send(await registry.metrics());
    },
  });
}
