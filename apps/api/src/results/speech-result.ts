import { parse } from 'node:path';
import {
  type JobRequest,
  type Run,
  type SpeechFormat,
  type SpeechResult,
  type SpeechRun,
  type Transcript,
  toWireSpeech,
  VIDEO_NOT_MADE,
} from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import { renderTranscript } from '@sotto/transcript';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { invalidParameter } from '../http/invalid-parameter.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { Encoders } from '../sound/encoder.ts';
import { SOUND_FORMATS, spokenWavHeader } from '../sound/formats.ts';
import { formatted, isPlain, SYNTHETIC, writeTo } from '../sound/send-sound.ts';
import { soundOfResult } from '../sound/stored-sound.ts';
import { tagsOf } from '../sound/tags.ts';
import { formatOf, sendFormat } from './formats.ts';
import { expired } from './outcome.ts';
import { isSound, isVideo, type resultQuery, transcriptChoiceOf } from './rendering-query.ts';
import type { Ended, Results } from './results.ts';
import { sendStored } from './send-blob.ts';
import { VIDEO_EXTENSIONS } from './video-types.ts';

export interface SpeechResultDeps {
  storage: Pick<BlobStore, 'openRead'>;
  results: Pick<Results, 'value'>;
  encoders: Encoders;
  settings: Pick<ApiSettings, 'speechIdleMs'>;
}

/** Sends what a job has spoken: as sound, as captions, or as JSON with the times of its pieces. */
export async function sendSpeechResult(
  { run, request: job }: Ended<'speech'>,
  query: z.output<typeof resultQuery>,
  { request, response }: { request: Request; response: Response },
  deps: SpeechResultDeps,
): Promise<void> {
  const result = await deps.results.value<'speech'>({ run: run as SpeechRun, request: job });
  const format = query.format ?? job.delivery.audioFormat ?? 'mp3';
  if (isVideo(format)) await sendVideo({ job, run, result }, { request, response }, deps);
  else if (isSound(format)) await sendSound({ job, run, result }, format, { request, response }, deps);
  else if (format === 'json' || format === 'verbose_json') response.json(toWireSpeech(result));
  else if (format === 'rttm') throw invalidParameter('format', 'rttm tells who speaks, and nobody does');
  else {
    const options = formatOf(job, { ...transcriptChoiceOf(query), responseFormat: format });
    sendFormat(response, renderTranscript(transcriptOf(result), format, options).body as string, options);
  }
}

interface SpokenJob {
  run: Pick<Run, 'id'>;
  job: JobRequest;
  result: SpeechResult;
}

async function sendSound(
  { run, job, result }: SpokenJob,
  format: SpeechFormat,
  { request, response }: { request: Request; response: Response },
  { encoders, storage, settings }: SpeechResultDeps,
): Promise<void> {
  await encoders.mustHave(format, 'format');
  const mediaType = SOUND_FORMATS[format].contentType;
  response.set(SYNTHETIC);
  const { sampleRateHz, audio } = result;
  if (isPlain(format, sampleRateHz)) {
    // The bytes are those that lie in storage, so a part of them can be asked for.
    const head = format === 'wav' ? { head: spokenWavHeader(sampleRateHz, audio.bytes) } : {};
    // Behind the sound there may be a video, or what there was of one when it turned out that none can be made.
    const file = {
      key: audio.blobKey,
      startByte: 0,
      bytes: audio.bytes,
      mediaType,
      etag: `"${run.id}-${format}"`,
      ...head,
    };
    return sendStored(request, response, file, { storage, gone: () => expired(job), idleMs: settings.speechIdleMs });
  }
  response.type(mediaType);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const sound = soundOfResult(result, 0, storage, gone.signal);
  const tags = tagsOf(result, job.fileName);
  const tagsAtEnd = async () => tags;
  const sending = { format, encoders, expectedRateHz: sampleRateHz, soundBytes: audio.bytes, tags, tagsAtEnd };
  for await (const bytes of formatted(sound, sending)) await writeTo(response, bytes, settings.speechIdleMs);
  response.end();
}

/** The video that something was dubbed into. @throws SottoError `invalid_parameter` where there is none */
async function sendVideo(
  { run, job, result: { audio, video, warnings } }: SpokenJob,
  { request, response }: { request: Request; response: Response },
  { storage, settings }: SpeechResultDeps,
): Promise<void> {
  if (video === undefined) throw invalidParameter('format', noVideo(warnings));
  const file = { key: audio.blobKey, ...video, etag: `"${run.id}-video"` };
  response.attachment(`${parse(job.fileName).name}.${VIDEO_EXTENSIONS[video.mediaType] ?? 'mkv'}`);
  // It is somebody's file, and must not become a page of this site.
  response.set({ ...SYNTHETIC, 'Content-Security-Policy': "sandbox; default-src 'none'" });
  await sendStored(request, response, file, { storage, gone: () => expired(job), idleMs: settings.speechIdleMs });
}

function noVideo(warnings: SpeechResult['warnings']): string {
  const failure = warnings.find(({ code }) => code === VIDEO_NOT_MADE);
  return failure === undefined ? 'this job was not to make a video' : `no video could be made: ${failure.detail}`;
}

/** What was spoken as if it had been heard: for captions. */
function transcriptOf({ pieces, language, durationMs, model, processingMs, warnings }: SpeechResult): Transcript {
  return {
    text: pieces.map(({ text }) => text).join(' '),
    language,
    languageProbability: null,
    durationMs,
    segments: pieces.map(({ text, startMs, endMs, words = [] }, id) => ({
      id,
      startMs,
      endMs,
      text: ` ${text}`,
      confidence: 1,
      avgLogprob: 0,
      noSpeechProb: 0,
      compressionRatio: 1,
      temperature: 0,
      tokens: [],
      words: words.map((word) => ({ ...word, confidence: 1 })),
      flags: [],
    })),
    dropped: [],
    model,
    task: 'transcribe',
    processingMs,
    warnings,
  };
}
