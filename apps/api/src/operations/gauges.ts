import type { Gauge } from 'prom-client';

/** Makes a gauge absent until it is set again. `reset` alone would leave one without labels at 0, which is a value. */
export function clear(gauge: Pick<Gauge, 'reset' | 'remove'>): void {
  gauge.reset();
  gauge.remove({});
}
