import type { Keyterm, LiveOptions } from '@sotto/contracts';
import { mapWindow, respell } from '@sotto/transcript';
import type { SpeechNetwork, WindowTranscript } from '@sotto/whisper';
import { SAMPLES_PER_MS } from '../media/pcm.ts';
import type { Engine } from '../models/engine.ts';
import { compressionRatio, decodedWindow } from '../window/decoded-window.ts';
import { phrasesOf } from '../window/phrases.ts';
import type { Ears } from './transcriber.ts';

/** Silence that the encoder hears behind the speech at least, instead of up to 30 s. */
const TAIL_MS = 1_000;
/** Less in all makes models repeat themselves: with windows of 1 to 5 s, tiny.en told up to four times as many words as were said. */
const LEAST_ENCODED_MS = 10_000;
/** Text above it is a loop (openai/whisper). */
const LOOP_RATIO = 2.4;
const NO_TERMS: readonly Keyterm[] = [];

export interface EarsDeps {
  network: SpeechNetwork;
  engine: Pick<Engine, 'transcribe'>;
  /** Milliseconds that a pass took of the engine. */
  onPass(engineMs: number): void;
  signal: AbortSignal;
}

/** What hears one session: our engine and Silero's network. `options` may change while it lasts. */
export function earsOf(options: () => LiveOptions, { network, engine, onPass, signal }: EarsDeps): Ears {
  const listener = network.newListener();
  const transcribe = async (pcm: Int16Array, prompt: string | null, tailMs: number | null) => {
    const { language, model, keyterms = NO_TERMS } = options();
    const phrases = phrasesOf(keyterms);
    const decoding = { language, prompt, phrases, beamSize: 1, temperatureIncrement: 0, tailMs };
    const transcript = await engine.transcribe(model, pcm, decoding, { signal, urgent: true });
    onPass(transcript.decodeMs);
    return transcript;
  };
  return {
    listen: (pcm) => listener.accept(pcm, true),
    decode: async (pcm, span, prompt) => {
      if (pcm.length === 0) return { words: [], language: null };
      const tailMs = Math.max(TAIL_MS, LEAST_ENCODED_MS - Math.floor(pcm.length / SAMPLES_PER_MS));
      const first = await transcribe(pcm, prompt, tailMs);
      const transcript = isLoop(first) ? await transcribe(pcm, null, null) : first;
      const { segments } = mapWindow({ index: 0, spans: [span] }, decodedWindow(transcript), {
        compressionRatio,
        speech: [span],
        filter: 'drop',
      });
      const words = respell(segments, options().keyterms ?? NO_TERMS).flatMap((segment) => segment.words);
      return { words, language: words.length === 0 ? null : transcript.language };
    },
  };
}

function isLoop({ segments }: WindowTranscript): boolean {
  const text = Buffer.concat(segments.flatMap(({ tokens }) => tokens.map(({ bytes }) => bytes))).toString();
  return compressionRatio(text) > LOOP_RATIO;
}
