import type { Registry } from 'prom-client';
import { counter, secondsHistogram } from './instruments.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/** People who are heard while they speak. */
export function countLive(registry: Registry): OnWorkerEvent {
  const ends = counter(
    registry,
    'sotto_live_ends_total',
    'Live sessions that ended on this worker, by reason; those that go on elsewhere are not counted.',
    'reason',
  );
  const failures = counter(registry, 'sotto_live_failures_total', 'Times that a live session could not be heard.');
  const audio = counter(registry, 'sotto_live_audio_seconds_total', 'Audio of live sessions that was heard.');
  const passes = secondsHistogram(
    registry,
    'sotto_live_pass_seconds',
    'What a pass over a live session took of the engine.',
  );
  const lag = secondsHistogram(
    registry,
    'sotto_live_lag_seconds',
    'Audio that had arrived and was not heard yet when text was told, by kind: partial or final.',
    'kind',
  );
  const first = secondsHistogram(
    registry,
    'sotto_live_first_text_seconds',
    'Time from telling that somebody speaks to the first text of it.',
  );
  return (event) => {
    if (event.type === 'live' && event.reason !== null) ends.inc({ reason: event.reason });
    if (event.type === 'live_failed') failures.inc();
    if (event.type === 'live_heard') audio.inc(event.audioMs / 1000);
    if (event.type === 'live_pass') passes.observe(event.engineMs / 1000);
    if (event.type === 'live_text') {
      lag.observe({ kind: event.isFinal ? 'final' : 'partial' }, event.lagMs / 1000);
      if (event.sinceSpeechMs !== null) first.observe(event.sinceSpeechMs / 1000);
    }
  };
}
