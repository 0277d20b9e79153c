import type { SpeechEngine } from '@sotto/voices';
import { scriptOf } from '@sotto/worker';
import { median } from '../statistics.ts';
import { cpuSeconds, peakMegabytes } from './process-figures.ts';
import { FIRST_CLAUSE, FIRST_SENTENCE } from './sentences.ts';

export interface Speaking {
  spoken: Int16Array[];
  audioSeconds: number;
  wallSeconds: number;
  /** Of the engine's process; null: it has one for each piece. */
  cpuSeconds: number | null;
  peakMegabytes: number | null;
  firstSentence: Wait;
  firstClause: Wait;
}

/** For one piece, medians. */
export interface Wait {
  clockMs: number;
  /** Processor time. */
  cpuMs: number | null;
}

export interface Speaker {
  engine: Pick<SpeechEngine, 'speak' | 'sampleRateHz'>;
  voice: string;
  language: string;
  /** Of its process; undefined: it has none that stays. */
  pid(): number | undefined;
}

const TIMES = 5;
const never = new AbortController().signal;

/** Has a voice say all texts, each as one piece in the words of the service's own rules; the model is loaded before. */
export async function speakAll(speaker: Speaker, texts: readonly string[]): Promise<Speaking> {
  const say = (text: string) =>
    speaker.engine.speak({ text, voice: speaker.voice, language: speaker.language, speed: 1 }, never);
  await say('Ready.');
  const pid = speaker.pid();
  const firstSentence = await waitFor(() => say(FIRST_SENTENCE), pid);
  const firstClause = await waitFor(() => say(FIRST_CLAUSE), pid);
  const cpuBefore = pid === undefined ? 0 : await cpuSeconds(pid);
  const startedMs = performance.now();
  const spoken: Int16Array[] = [];
  for (const text of texts) spoken.push(await say(saidAs(text, speaker.language)));
  const wallSeconds = (performance.now() - startedMs) / 1000;
  return {
    spoken,
    audioSeconds: spoken.reduce((sum, { length }) => sum + length, 0) / speaker.engine.sampleRateHz,
    wallSeconds,
    cpuSeconds: pid === undefined ? null : (await cpuSeconds(pid)) - cpuBefore,
    peakMegabytes: pid === undefined ? null : await peakMegabytes(pid),
    firstSentence,
    firstClause,
  };
}

const saidAs = (text: string, language: string): string =>
  scriptOf(text, { format: 'text', language })
    .utterances.map(({ spoken }) => spoken)
    .join(' ');

async function waitFor(work: () => Promise<unknown>, pid: number | undefined): Promise<Wait> {
  const clock: number[] = [];
  const cpu: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const before = pid === undefined ? 0 : await cpuSeconds(pid);
    const startedMs = performance.now();
    await work();
    clock.push(performance.now() - startedMs);
    if (pid !== undefined) cpu.push(1000 * ((await cpuSeconds(pid)) - before));
  }
  return { clockMs: median(clock), cpuMs: pid === undefined ? null : median(cpu) };
}
