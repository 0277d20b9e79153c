import { Counter, Histogram, type Registry } from 'prom-client';

/** From a silent second to an hour of video. */
const SECONDS_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

export function counter<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  ...labelNames: L[]
): Counter<L> {
  return new Counter({ name, help, labelNames, registers: [registry] });
}

export function secondsHistogram<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  ...labelNames: L[]
): Histogram<L> {
  return new Histogram({ name, help, labelNames, buckets: SECONDS_BUCKETS, registers: [registry] });
}
