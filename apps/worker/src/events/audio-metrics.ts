import type { Registry } from 'prom-client';
import { counter, secondsHistogram } from './instruments.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/** Audio on its way from the upload to the transcript. */
export function countAudio(registry: Registry): OnWorkerEvent {
  const observers = [
    countPrepared(registry),
    countWindows(registry),
    countSpeakers(registry),
    countTranscripts(registry),
    timeRuns(registry),
    judgeTranscripts(registry),
  ];
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

function countSpeakers(registry: Registry): OnWorkerEvent {
  const audio = counter(registry, 'sotto_speaker_audio_seconds_total', 'Audio in which speakers were told apart.');
  const seconds = counter(registry, 'sotto_speaker_seconds_total', 'Wall time of telling speakers apart.');
  return (event) => {
    if (event.type !== 'speakers') return;
    audio.inc(event.audioMs / 1000);
    seconds.inc(event.tookMs / 1000);
  };
}

function countWindows(registry: Registry): OnWorkerEvent {
  const audio = counter(registry, 'sotto_transcribed_audio_seconds_total', 'Audio transcribed in windows.', 'model');
  const engine = counter(registry, 'sotto_engine_seconds_total', 'Wall time of the engine.', 'model');
  const windows = counter(registry, 'sotto_windows_total', 'Windows transcribed by this worker.', 'model', 'language');
  const words = counter(registry, 'sotto_words_total', 'Words of transcribed windows.', 'model');
  const found = counter(registry, 'sotto_windows_found_total', 'Windows that had a result already.', 'model');
  const gaps = counter(
    registry,
    'sotto_window_gaps_total',
    'Windows left out of transcripts (on_window_error=gap).',
    'model',
  );
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
      words.inc({ model: event.model }, event.words);
    }
    if (event.type === 'window_found') found.inc({ model: event.model });
    if (event.type === 'window_gap') gaps.inc({ model: event.model });
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

/** How long recordings took, by lane. */
function timeRuns(registry: Registry): OnWorkerEvent {
  const waited = secondsHistogram(
    registry,
    'sotto_run_wait_seconds',
    'Time from the acceptance of a recording to its first turn.',
    'lane',
  );
  const took = secondsHistogram(
    registry,
    'sotto_run_seconds',
    'Time from the first turn of a recording to its transcript.',
    'lane',
  );
  const all = secondsHistogram(
    registry,
    'sotto_run_latency_seconds',
    'Time from the acceptance of a recording to its transcript.',
    'lane',
  );
  return (event) => {
    if (event.type !== 'transcribed') return;
    const { lane, waitedMs, processingMs } = event;
    waited.observe({ lane }, waitedMs / 1000);
    took.observe({ lane }, processingMs / 1000);
    all.observe({ lane }, (waitedMs + processingMs) / 1000);
  };
}

/** What may be wrong with transcripts. */
function judgeTranscripts(registry: Registry): OnWorkerEvent {
  const segments = counter(registry, 'sotto_segments_total', 'Segments of completed transcripts.', 'model');
  const suspects = counter(
    registry,
    'sotto_suspect_segments_total',
    'Segments whose text may not have been said, by what speaks against it; one with two flags counts twice.',
    'model',
    'flag',
  );
  const empty = counter(registry, 'sotto_empty_transcripts_total', 'Transcripts without any text.', 'model');
  return (event) => {
    if (event.type !== 'transcribed') return;
    const { model } = event;
    segments.inc({ model }, event.segments);
    for (const flag of event.flags) suspects.inc({ model, flag });
    if (event.segments === 0) empty.inc({ model });
  };
}
