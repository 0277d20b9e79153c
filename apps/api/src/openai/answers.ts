import { LANGUAGES, type LanguageCode, type Segment, type Transcript } from '@sotto/contracts';
import { renderTranscript, toWireVerbose } from '@sotto/transcript';
import { z } from 'zod';
import type { Renderer } from '../results/renderer.ts';
import { diarizedOf, diarizedSegmentSchema } from './diarized.ts';
import { openAiErrorSchema } from './errors.ts';
import type { OpenAiOptions } from './form.ts';
import { usageSchema as usage, usageOf } from './usage.ts';

const seconds = z.number().min(0);

export const logprobSchema = z.object({ token: z.string(), bytes: z.array(z.int()), logprob: z.number() });
export type Logprob = z.infer<typeof logprobSchema>;

export const transcriptionSchema = z
  .object({ text: z.string(), logprobs: z.array(logprobSchema).optional(), usage })
  .meta({ id: 'OpenAiTranscription' });

const segmentSchema = z.object({
  id: z.int(),
  seek: z.int(),
  start: seconds,
  end: seconds,
  text: z.string(),
  tokens: z.array(z.int()),
  temperature: z.number(),
  avg_logprob: z.number(),
  compression_ratio: z.number(),
  no_speech_prob: z.number(),
});

export const verboseSchema = z
  .object({
    task: z.enum(['transcribe', 'translate']),
    language: z.string().meta({ description: 'English name in lower case; `unknown` if nothing was said.' }),
    duration: seconds,
    text: z.string(),
    segments: z.array(segmentSchema).optional(),
    words: z.array(z.object({ word: z.string(), start: seconds, end: seconds })).optional(),
    usage,
  })
  .meta({ id: 'OpenAiVerboseTranscription' });

const deltaSchema = z.object({
  type: z.literal('transcript.text.delta'),
  delta: z.string(),
  logprobs: z.array(logprobSchema).optional(),
});

const doneSchema = z.object({
  type: z.literal('transcript.text.done'),
  text: z.string().meta({ description: 'All deltas joined.' }),
  logprobs: z.array(logprobSchema).optional(),
  usage,
});

export const streamEventSchema = z.discriminatedUnion('type', [deltaSchema, diarizedSegmentSchema, doneSchema]);
export type StreamEvent = z.infer<typeof streamEventSchema>;

/** A stream that breaks off ends with an error, as OpenAI's clients expect it. */
export const streamMessageSchema = z
  .union([deltaSchema, diarizedSegmentSchema, doneSchema, z.object({ error: openAiErrorSchema.shape.error })])
  .meta({ id: 'OpenAiStreamEvent' });

/** The options that the response depends on. */
export type AnswerChoice = Pick<OpenAiOptions, 'granularities' | 'logprobs' | 'diarized'> &
  Pick<OpenAiOptions['delivery'], 'responseFormat'> &
  Pick<OpenAiOptions['run'], 'task' | 'language'>;

export function answerChoiceOf({ granularities, logprobs, diarized, delivery, run }: OpenAiOptions): AnswerChoice {
  const { responseFormat } = delivery;
  return { granularities, logprobs, diarized, responseFormat, task: run.task, language: run.language };
}

/** Every text format is text/plain there. */
export function contentTypeOf({ responseFormat }: AnswerChoice): string {
  const isJson = responseFormat === 'json' || responseFormat === 'verbose_json';
  return isJson ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8';
}

/** A transcript as OpenAI responds with it. */
export const openAiRenderer: Renderer<AnswerChoice> = {
  name: 'openai',
  render: (transcript, choice) => {
    if (choice.diarized) return JSON.stringify(diarizedOf(transcript));
    switch (choice.responseFormat) {
      case 'json':
        return JSON.stringify(transcriptionOf(transcript, choice));
      case 'verbose_json':
        return JSON.stringify(verboseOf(transcript, choice));
      default:
        return renderTranscript(transcript, choice.responseFormat, { granularity: 'segment' }).body;
    }
  },
};

function transcriptionOf(transcript: Transcript, { logprobs }: AnswerChoice): z.infer<typeof transcriptionSchema> {
  return {
    text: transcript.text,
    ...(logprobs && { logprobs: logprobsOf(transcript.segments) }),
    usage: usageOf(transcript),
  };
}

function verboseOf(
  transcript: Transcript,
  { task, language, granularities }: AnswerChoice,
): z.infer<typeof verboseSchema> {
  const wire = toWireVerbose(transcript);
  return {
    task: transcript.task,
    language: task === 'translate' ? 'english' : languageName(transcript.language ?? language),
    duration: wire.duration,
    text: transcript.text,
    ...(granularities.includes('segment') && {
      segments: wire.segments.map(
        ({ confidence: _c, words: _w, flags: _f, language: _l, speaker: _s, ...segment }, index) => ({
          ...segment,
          // With its leading space, as Whisper writes it and OpenAI returns it.
          text: transcript.segments[index]?.text ?? segment.text,
        }),
      ),
    }),
    ...(granularities.includes('word') && { words: wire.words.map(({ word, start, end }) => ({ word, start, end })) }),
    usage: usageOf(transcript),
  };
}

/** Lower bound for a word's confidence, so that its logarithm is finite. */
const LEAST = 1e-9;

/** One entry per word: the mean log-probability of its tokens, whose bytes only make characters together. */
export function logprobsOf(segments: readonly Pick<Segment, 'words'>[]): Logprob[] {
  return segments.flatMap(({ words }) =>
    words.map(({ word, confidence }) => ({
      token: word,
      bytes: [...Buffer.from(word)],
      logprob: Math.round(Math.log(Math.max(confidence, LEAST)) * 10_000) / 10_000,
    })),
  );
}

function languageName(code: string | null): string {
  return code !== null && code in LANGUAGES ? LANGUAGES[code as LanguageCode].toLowerCase() : 'unknown';
}
