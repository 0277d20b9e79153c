import type { EngineReport } from '@sotto/contracts';
import type { EngineReading } from '../events/engine-gauges.ts';
import type { Engine } from './engine.ts';
import type { ModelFigures } from './model-figures.ts';
import type { Speed } from './speed.ts';

/** What an engine of this worker reports of itself, to the metrics and in the heartbeat. */
export interface EngineReporter {
  reading(): EngineReading;
  report(): EngineReport;
}

/**
 * @param engine gives null while it is being opened
 * @param live the sessions that it hears; undefined: none
 */
export function reporterOf(
  engine: () => Engine | null,
  speed: Speed,
  figures: ModelFigures,
  live: () => EngineReport['live'],
): EngineReporter {
  const reading = (): EngineReading => {
    const { device = 'cpu', slots = 0, busy = 0 } = engine() ?? {};
    // Windows of the interactive lane may be decoded in addition to those that fill all slots.
    return { kind: 'transcribe', device, slots, busy: Math.min(slots, busy), speed: speed.rtfx, live: live() };
  };
  return {
    reading,
    report: () => ({
      ...reading(),
      defaultModel: engine()?.defaultModel.name ?? null,
      models: (engine()?.installed() ?? []).map((model) => ({ ...model, ...figures.of(model.name) })),
    }),
  };
}
