import type { Registry } from 'prom-client';
import { counter } from './instruments.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/** Audio on its way from the upload to the transcript. */
export function countAudio(registry: Registry): OnWorkerEvent {
  const observers = [countPrepared(registry), countWindows(registry), countTranscripts(registry)];
  return (event) => {
    for (const observe of observers) observe(event);
  };
}

function countPrepared(registry: Registry): OnWorkerEvent {
  const prepared = counter(
    registry,
    'sotto_prepared_audio_seconds_total',
    'Audio decoded and divided into windows, by container of the upload.',
    'container',
  );
  const speech = counter(
    registry,
    'sotto_prepared_speech_seconds_total',
    'The part of the decoded audio that is in windows.',
  );
  return (event) => {
    if (event.type !== 'prepared') return;
    prepared.inc({ container: event.container }, event.audioMs / 1000);
    speech.inc(event.speechMs / 1000);
  };
}

function countWindows(registry: Registry): OnWorkerEvent {
  const audio = counter(registry, 'sotto_transcribed_audio_seconds_total', 'Audio transcribed in windows.', 'model');
  const engine = counter(registry, 'sotto_engine_seconds_total', 'Wall time of the engine.', 'model');
  const windows = counter(registry, 'sotto_windows_total', 'Windows transcribed by this worker.', 'model', 'language');
  const found = counter(registry, 'sotto_windows_found_total', 'Windows that had a result already.', 'model');
  const retranscribed = counter(
    registry,
    'sotto_retranscribed_seconds_total',
    'Speech without words that was transcribed again; outcome: taken or refused.',
    'model',
    'outcome',
  );
  return (event) => {
    if (event.type === 'window') {
      windows.inc({ model: event.model, language: event.language });
      engine.inc({ model: event.model }, event.engineMs / 1000);
      audio.inc({ model: event.model }, event.audioMs / 1000);
    }
    if (event.type === 'window_found') found.inc({ model: event.model });
    if (event.type === 'retranscribed') {
      const outcome = event.isSure ? 'taken' : 'refused';
      retranscribed.inc({ model: event.model, outcome }, event.audioMs / 1000);
    }
  };
}

function countTranscripts(registry: Registry): OnWorkerEvent {
  const transcripts = counter(
    registry,
    'sotto_transcripts_total',
    'Transcripts completed by this worker.',
    'model',
    'language',
  );
  return (event) => {
    if (event.type !== 'transcribed') return;
    transcripts.inc({ model: event.model, language: event.language ?? 'none' });
  };
}
