import type { EngineReport } from '@sotto/contracts';
import { Gauge, type Registry } from 'prom-client';

/** The part of an engine's report that is cheap to get. */
export type EngineReading = Pick<EngineReport, 'kind' | 'device' | 'slots' | 'busy' | 'speed' | 'live'>;

/** Reads the engines of this worker whenever its metrics are asked for. */
export function addEngineGauges(registry: Registry, engines: () => EngineReading[]): void {
  const gauge = (name: string, help: string, read: (engine: EngineReading) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['engine'],
      registers: [registry],
      collect() {
        for (const engine of engines()) this.set({ engine: engine.kind }, read(engine));
      },
    });
  gauge(
    'sotto_worker_slots',
    'How much an engine of this worker does at once (transcribe: windows; speak: pieces of text).',
    ({ slots }) => slots,
  );
  gauge('sotto_worker_slots_busy', 'How much of that it is doing now.', ({ busy }) => busy);
  gauge('sotto_worker_rtfx', 'Audio seconds per wall second, over its last windows.', ({ speed }) => speed ?? 0);
  gauge('sotto_live_sessions', 'Live sessions that this worker hears.', ({ live }) => live?.sessions ?? 0);
  gauge('sotto_live_capacity', 'Live sessions that it can hear at once.', ({ live }) => live?.capacity ?? 0);
}
