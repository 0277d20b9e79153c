import {
  LEAST_CONSENT_SPEECH_MS,
  LEAST_VOICE_SPEECH_MS,
  LONGEST_SAMPLE_MS,
  LONGEST_VOICE_SAMPLE_MS,
  MAX_VOICE_FILE_BYTES,
  type VoiceOptions,
  type VoiceResult,
} from '@sotto/contracts';
import { voiceFileKey, voiceFileName } from '@sotto/storage';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { askForVoice, type HeardVoiceDeps, heardVoice } from '../enrolment/heard-voice.ts';
import { parseParameters } from '../http/invalid-parameter.ts';
import { localsOf } from '../http/locals.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { type AcceptDeps, acceptReceived } from '../transcriptions/accept-upload.ts';
import { type ReceivedUpload, receiveUpload } from '../uploads/receive.ts';

export interface HearFileDeps extends AcceptDeps, HeardVoiceDeps {
  settings: ApiSettings;
}

/** What OpenAI calls the field of either file. */
export const FILE_FIELDS = { consent: 'recording', voice: 'audio_sample' } as const;

/** What either file has to be like. */
const NEEDS = {
  consent: { leastSpeechMs: LEAST_CONSENT_SPEECH_MS, longestMs: LONGEST_SAMPLE_MS },
  voice: { leastSpeechMs: LEAST_VOICE_SPEECH_MS, longestMs: LONGEST_VOICE_SAMPLE_MS },
} as const;

export interface FileAsked<F extends z.ZodObject> {
  kind: keyof typeof FILE_FIELDS;
  /** Of the record that is made of it. */
  id: string;
  /** The text fields beside it. */
  form: F;
  /** @throws SottoError what is wrong with the fields, before anybody listens */
  check(fields: z.output<F>): Promise<Pick<VoiceOptions, 'like'>>;
}

/** A file that was kept, and how whoever is heard in it sounds. */
export interface HeardFile<F extends z.ZodObject> {
  fields: z.output<F>;
  heard: VoiceResult;
  blobKey: string;
}

/**
 * Receives a recording of one person, keeps it under the name of a record that is not there yet, and hears it, as a job of its own.
 * Whoever calls makes the record, or removes the file; a file without a record is removed by the sweep.
 *
 * @throws SottoError what is wrong with the form or the file, `sample_not_usable`, what a run fails with; nothing is kept then
 */
export async function hearFile<F extends z.ZodObject>(
  request: Request,
  response: Response,
  { kind, id, form, check }: FileAsked<F>,
  deps: HearFileDeps,
): Promise<HeardFile<F>> {
  const { settings, storage } = deps;
  const needs = NEEDS[kind];
  const { keyId } = localsOf(response).principal;
  const blobKey = voiceFileKey(keyId, id);
  const upload = await receiveUpload(request, response, {
    storage,
    maxFileBytes: Math.min(settings.maxFileBytes, MAX_VOICE_FILE_BYTES),
    idleMs: settings.uploadIdleMs,
    fileField: FILE_FIELDS[kind],
    isKnownField: (name) => name in form.shape,
  });
  try {
    const read = async ({ fields: texts, file }: ReceivedUpload) => {
      const fields = parseParameters(form, texts);
      const more = await check(fields);
      // Before its job, which removes it when it has been heard.
      await storage.copy(await file.commit(), 'voices', voiceFileName(keyId, id));
      return { ...askForVoice({ ...needs, ...more }), fields };
    };
    const { submitted, options } = await acceptReceived(upload, read, response, deps);
    response.set({ 'X-Job-Id': submitted.request.id, 'Cache-Control': 'no-store' });
    return { fields: options.fields, heard: await heardVoice(submitted, response, deps), blobKey };
  } catch (error) {
    await removeFile(blobKey, deps);
    throw error;
  }
}

/** One that cannot be removed now is removed by the sweep. */
export async function removeFile(blobKey: string, { storage }: Pick<HearFileDeps, 'storage'>): Promise<void> {
  await storage.delete(blobKey).catch(() => false);
}
