import { ENGINE_KINDS, type EngineReport, enginesOf, ROLES } from '@sotto/contracts';
import type { ServiceFigures } from '@sotto/queue';
import { Gauge, type Registry } from 'prom-client';
import { Sampled } from '../fleet/sampled.ts';
import { fleetRtfx, type WorkerDirectory } from '../fleet/worker-directory.ts';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { clear } from './gauges.ts';
import { type Sample, SERVICE_METRICS } from './service-metrics.ts';

/** For scrapes that come together, as when somebody looks while Prometheus does. */
const SAMPLE_MS = 500;

/**
 * Metrics of the whole service, read on each scrape; absent while Redis is unreachable. All replicas export the same
 * values, so that they are to be combined with `max`.
 */
export function addServiceMetrics(
  registry: Registry,
  figures: { read(): Promise<ServiceFigures> },
  directory: WorkerDirectory,
): void {
  const sampled = new Sampled<ServiceFigures>(SAMPLE_MS, () => figures.read());
  for (const { name, help, labelNames = [], read } of SERVICE_METRICS) {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const now = await sampled.value().catch(() => null);
        clear(this);
        for (const [labels, value] of now === null ? [] : withoutNulls(read(now))) this.set(labels, value);
      },
    });
  }
  addFleetMetrics(registry, directory);
}

const withoutNulls = (samples: Sample[]) =>
  samples.flatMap(([labels, value]): [typeof labels, number][] => (value === null ? [] : [[labels, value]]));

function addFleetMetrics(registry: Registry, directory: WorkerDirectory): void {
  const registers = [registry];
  new Gauge({
    name: 'sotto_workers',
    help: 'Running workers by role.',
    labelNames: ['role'],
    registers,
    async collect() {
      clear(this);
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
      clear(this);
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
        clear(this);
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
    access: 'metrics',
    answers: { 200: { description: 'Metrics in the Prometheus text format.', content: { 'text/plain': null } } },
    errors: [],
    handle: async ({ response }) => {
      response.type(registry.contentType).send(await registry.metrics());
    },
  });
}
