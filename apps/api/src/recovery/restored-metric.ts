import { Counter, type Registry } from 'prom-client';

/** @returns what counts one. */
export function addRestoredMetric(registry: Registry): () => void {
  const restored = new Counter({
    name: 'sotto_restored_jobs_total',
    help: 'Jobs that Redis had lost and that were accepted again from their manifests.',
    registers: [registry],
  });
  return () => restored.inc();
}
