import { cacheFolder } from '@sotto/testkit';
import { type Engines, installVoices, openEngines, VOICES_CATALOG } from '@sotto/voices';
import type { BenchOptions } from '../options.ts';
import { PiperServer } from '../speech/piper-server.ts';
import { Listener } from '../speech/read-back.ts';
import { READ_SENTENCES } from '../speech/sentences.ts';
import { type Speaker, type Speaking, speakAll, type Wait } from '../speech/speaking.ts';
import { ms, percent, type Report, ratio } from '../table.ts';

const VOICES = ['af_heart', 'am_michael', 'bf_emma', 'joe', 'espeak'];
const COLUMNS = [
  'engine, voice',
  'WER',
  'exact',
  'real time, by the clock',
  'per second of a core',
  '15 words',
  'first clause',
  'memory',
];

/** How voices are understood, and how fast they are: each engine alone, with one thread. */
export async function speech({ isSmall }: BenchOptions): Promise<Report> {
  const dir = await cacheFolder('voices');
  for (const { name } of VOICES_CATALOG) await installVoices(name, dir);
  const texts = isSmall ? READ_SENTENCES.slice(0, 6) : READ_SENTENCES;
  const engines = await openEngines({ dir });
  const listener = await Listener.open();
  const rows: string[][] = [];
  for (const voice of VOICES) rows.push(await row(voice, engines, listener, texts));
  rows.push(await piperRow(listener, texts));
  await listener.close();
  await engines.close();
  return {
    title: 'Text spoken, and read back',
    method: `${texts.length} sentences of ours with numbers, money, dates and names, each as one piece, in the words of the service's rules for text. Whisper base reads them back; both sides after OpenAI's normaliser for English, and without endings of ordinals and signs inside of times. One thread. "Per second of a core": seconds of speech per second of processor time, which does not depend on what else is at work; the clock's figures do. The first audio (of a sentence of 15 words, of its first clause) by the clock, and in processor time: medians of five. Piper's own HTTP server (piper-tts 1.8.0) gets the same words, over HTTP, and answers with all of a sentence at once.`,
    columns: COLUMNS,
    rows,
  };
}

async function row(asked: string, engines: Engines, listener: Listener, texts: readonly string[]): Promise<string[]> {
  const { engine: name, voice, language } = engines.resolve({ voice: asked, language: 'auto' });
  const engine = engines.engine(name);
  const speaker = { engine, voice, language, pid: () => engine.pid };
  return [`${name}, ${voice}`, ...(await figures(speaker, listener, texts))];
}

/** What it is compared with, where it can be had. */
async function piperRow(listener: Listener, texts: readonly string[]): Promise<string[]> {
  const name = "piper's own HTTP server, joe";
  const server = await PiperServer.start().catch((error: Error) => error);
  if (server instanceof Error)
    return [`${name}: not here (${server.message.split('\n')[0]})`, ...COLUMNS.slice(1).map(() => '')];
  try {
    return [name, ...(await figures(server.speaker, listener, texts))];
  } finally {
    await server.close();
  }
}

async function figures(speaker: Speaker, listener: Listener, texts: readonly string[]): Promise<string[]> {
  process.stderr.write(`  ${speaker.voice}\n`);
  const speaking = await speakAll(speaker, texts);
  const heard: string[] = [];
  for (const samples of speaking.spoken) heard.push(await listener.hear(samples, speaker.engine.sampleRateHz));
  const { errorRate, exact, wrong } = listener.compare(texts, heard);
  for (const each of wrong) process.stderr.write(`    ${each.said}\n    ${each.heard}\n`);
  return [percent(errorRate), `${exact} of ${texts.length}`, ...speedOf(speaking)];
}

function speedOf(speaking: Speaking): string[] {
  const { audioSeconds, wallSeconds, cpuSeconds, peakMegabytes } = speaking;
  return [
    ratio(audioSeconds / wallSeconds),
    cpuSeconds === null ? '' : ratio(audioSeconds / cpuSeconds),
    waited(speaking.firstSentence),
    waited(speaking.firstClause),
    peakMegabytes === null ? '' : `${Math.round(peakMegabytes)} MB`,
  ];
}

const waited = ({ clockMs, cpuMs }: Wait): string =>
  cpuMs === null ? ms(clockMs) : `${ms(clockMs)}, ${ms(cpuMs)} of a core`;
