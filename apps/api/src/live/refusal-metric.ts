import type { ErrorCode } from '@sotto/contracts';
import { Counter, type Registry } from 'prom-client';

/** @returns what counts one. */
export function addLiveRefusalMetric(registry: Registry): (code: ErrorCode) => void {
  const refusals = new Counter({
    name: 'sotto_live_refusals_total',
    help: 'Live sessions that were refused when they were to begin, at any door, by error code.',
    labelNames: ['code'],
    registers: [registry],
  });
  return (code) => refusals.inc({ code });
}
