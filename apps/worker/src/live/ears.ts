import type { Keyterm, LiveOptions } from '@sotto/contracts';
import { mapWindow, respell } from '@sotto/transcript';
import type { SpeechNetwork, WindowTranscript } from '@sotto/whisper';
import { SAMPLES_PER_MS } from '../media/pcm.ts';
import type { Engine } from '../models/engine.ts';
import { compressionRatio, decodedWindow } from '../window/decoded-window.ts';
import { phrasesOf } from '../window/phrases.ts';
import type { Ears } from './transcriber.ts';

/** Silence that the encoder hears behind the speech at least, instead of up to 30 s. */
const TAIL_MS = 2_000;

/**
 * How a pass is decoded. Models were trained on 30 s: with less in all they repeat themselves, most of all behind a prompt.
 * tiny.en got 14 % of the words of a talk wrong with 10 s and 9 % with 15 s; with more speech heard again before, 6 % with 20 s
 * and 5 % with three beams.
 */
interface Effort {
  beamSize: number;
  leastEncodedMs: number;
}
const USUAL: Effort = { beamSize: 3, leastEncodedMs: 20_000 };
const BUSY: Effort = { beamSize: 1, leastEncodedMs: 15_000 };
/** Of the time that a usual pass takes, a busy one takes so much. */
const BUSY_SHARE = 0.5;
/** Where a usual pass would take longer, passes are busy ones: text that comes late helps nobody. */
const LONGEST_USUAL_MS = 500;
/** Text above it is a loop (openai/whisper). */
const LOOP_RATIO = 2.4;
const NO_TERMS: readonly Keyterm[] = [];

export interface EarsDeps {
  network: SpeechNetwork;
  engine: Pick<Engine, 'transcribe'>;
  /** Milliseconds that a pass takes of the engine where many are heard. */
  onPass(engineMs: number): void;
  signal: AbortSignal;
}

/** What hears one session: our engine and Silero's network. `options` may change while it lasts. */
export function earsOf(options: () => LiveOptions, { network, engine, onPass, signal }: EarsDeps): Ears {
  const listener = network.newListener();
  /** What a usual pass takes now, the wait for the engine included. */
  let usualMs = 0;
  const transcribe = async (pcm: Int16Array, prompt: string | null, isWhole = false) => {
    const { language, model, keyterms = NO_TERMS } = options();
    const isBusy = usualMs > LONGEST_USUAL_MS;
    const { beamSize, leastEncodedMs } = isBusy ? BUSY : USUAL;
    const tailMs = isWhole ? null : Math.max(TAIL_MS, leastEncodedMs - Math.floor(pcm.length / SAMPLES_PER_MS));
    const decoding = { language, prompt, phrases: phrasesOf(keyterms), beamSize, temperatureIncrement: 0, tailMs };
    const beganMs = performance.now();
    const transcript = await engine.transcribe(model, pcm, decoding, { signal, urgent: true });
    usualMs = (performance.now() - beganMs) / (isBusy ? BUSY_SHARE : 1);
    onPass(transcript.decodeMs * (isBusy ? 1 : BUSY_SHARE));
    return transcript;
  };
  return {
    listen: (pcm) => listener.accept(pcm, true),
    decode: async (pcm, span, prompt) => {
      if (pcm.length === 0) return { words: [], language: null };
      const first = await transcribe(pcm, prompt);
      const transcript = isLoop(first) ? await transcribe(pcm, null, true) : first;
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
