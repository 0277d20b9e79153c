import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of its own (never prom-client's global one) with the process's own figures in it. */
export function createMetrics(labels: { service: string }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  collectDefaultMetrics({ register: registry });
  return registry;
}
