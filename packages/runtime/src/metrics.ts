import { collectDefaultMetrics, Registry } from 'prom-client';
import { addMachineMetrics } from './machine-metrics.ts';

/** A registry of its own (never prom-client's global one) with the figures of the process and of its machine in it. */
export function createMetrics(labels: { service: string }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  collectDefaultMetrics({ register: registry });
  addMachineMetrics(registry);
  return registry;
}
