import { ROLES } from '@sotto/contracts';
import type { Producer, QueueCounts } from '@sotto/queue';
import { Gauge, type Registry } from 'prom-client';
import { Sampled } from '../fleet/sampled.ts';
import { fleetRtfx, type WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

/** Figures of the queue, read when somebody scrapes; while Redis is away they are simply absent. */
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
    help: 'Recordings accepted and not yet done.',
    registers,
    async collect() {
      this.reset();
      const now = await counts.value().catch(() => null);
      if (now !== null) this.set(now.runs);
    },
  });
  new Gauge({
    name: 'sotto_workers',
    help: 'Living workers by role.',
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
}

export function metricsEndpoint(registry: Registry): Endpoint {
  return endpoint({
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    tag: 'operations',
    access: 'read',
    answers: { 200: { description: 'Text exposition format.', content: { 'text/plain': null } } },
    errors: [],
    handle: async ({ response }) => {
      response.type(registry.contentType).send(await registry.metrics());
    },
  });
}
