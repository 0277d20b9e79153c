import { BREAKER_STATES } from '@sotto/runtime';
import { Gauge, type Registry } from 'prom-client';
import { counter, secondsHistogram } from './instruments.ts';
import type { OnWorkerEvent } from './worker-event.ts';

/** Texts on their way to being sound. */
export function countSpeech(registry: Registry): OnWorkerEvent {
  const pieces = counter(registry, 'sotto_pieces_total', 'Pieces of texts spoken by this worker.', 'model', 'language');
  const kept = counter(
    registry,
    'sotto_pieces_kept_total',
    'Pieces of texts that were not spoken again: their sound was there.',
    'model',
  );
  const replaced = counter(
    registry,
    'sotto_pieces_replaced_total',
    'Pieces of texts that another server was to speak and did not, by the model that spoke them here.',
    'model',
  );
  const audio = counter(registry, 'sotto_spoken_audio_seconds_total', 'Speech made of texts.', 'model');
  const engine = counter(registry, 'sotto_speech_engine_seconds_total', 'Wall time of engines that speak.', 'model');
  const texts = counter(registry, 'sotto_texts_total', 'Texts spoken to their end.', 'model', 'language');
  const characters = counter(registry, 'sotto_spoken_characters_total', 'Characters of these texts.', 'model');
  const voices = counter(
    registry,
    'sotto_voice_characters_total',
    'Characters of these texts by voice; all blends are one, and so are all voices made of samples.',
    'voice',
  );
  const latency = secondsHistogram(
    registry,
    'sotto_speech_latency_seconds',
    'Time from the acceptance of a text to the end of its sound.',
    'lane',
  );
  const breaker = new Gauge({
    name: 'sotto_remote_speech_breaker',
    help: 'Whether the other server that speaks is called: 0 it is, 1 one call tries, 2 it has failed too often.',
    registers: [registry],
  });
  return (event) => {
    if (event.type === 'remote_speech') breaker.set(BREAKER_STATES.indexOf(event.state));
    if (event.type === 'piece' && event.isReplaced) replaced.inc({ model: event.model });
    if (event.type === 'piece' && event.isKept) kept.inc({ model: event.model });
    if (event.type === 'piece' && !event.isKept) {
      pieces.inc({ model: event.model, language: event.language });
      audio.inc({ model: event.model }, event.audioMs / 1000);
      engine.inc({ model: event.model }, event.engineMs / 1000);
    }
    if (event.type === 'spoken') {
      texts.inc({ model: event.model, language: event.language });
      characters.inc({ model: event.model }, event.characters);
      for (const { voice, kind, characters: said } of event.voices)
        voices.inc({ voice: kind === 'stock' ? voice : kind }, said);
      latency.observe({ lane: event.lane }, (event.waitedMs + event.processingMs) / 1000);
    }
  };
}
