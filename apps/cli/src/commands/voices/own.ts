import type { SottoClient, WireOwnVoice } from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import { consentIdSchema } from '@sotto/contracts';
import { eachId } from '../../connection/each-id.ts';
import { withClient } from '../../connection/with-connection.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { mustBeReadable } from '../../recordings/readable.ts';
import { note, result, table } from '../../terminal/output.ts';

export interface ListOwnOptions extends ServiceOptions {
  json?: boolean;
}

export interface AddVoiceOptions extends ServiceOptions {
  sample: string;
  /** A file, or the id of a consent that is there. */
  consent: string;
  language: string;
  wait?: boolean;
}

export function listOwn(options: ListOwnOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const { own = [] } = await client.speech.voices({ signal });
    if (options.json) result(JSON.stringify(own, null, 2));
    else if (own.length === 0) note('No voice was made of a sample.');
    else result(table([['ID', 'STATE', 'LIKENESS', 'TEXTS', 'CONSENT', 'NAME'], ...own.map(rowOf)]));
    return EXIT.ok;
  });
}

const rowOf = (voice: WireOwnVoice): string[] => [
  voice.id,
  voice.status === 'processing' ? `${voice.progress ?? 0} %` : voice.status,
  voice.similarity?.toFixed(2) ?? '',
  String(voice.uses ?? 0),
  voice.consent,
  voice.name,
];

export function listConsents(options: ListOwnOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const consents = await client.ownVoices.consents({ signal });
    const rows = consents.map(({ id, created_at: at, language, name }) => {
      return [id, new Date(at * 1000).toISOString().slice(0, 10), language, name];
    });
    if (options.json) result(JSON.stringify(consents, null, 2));
    else if (rows.length === 0) note('There are no consents.');
    else result(table([['ID', 'CREATED (UTC)', 'LANGUAGE', 'NAME'], ...rows]));
    return EXIT.ok;
  });
}

/** Prints the id of the voice. A consent that no voice comes of is not kept. */
export async function addVoice(name: string, options: AddVoiceOptions): Promise<ExitCode> {
  const isStored = consentIdSchema.safeParse(options.consent).success;
  await mustBeReadable(isStored ? [options.sample] : [options.sample, options.consent], (about) =>
    about.isFile() ? null : 'is not a file',
  );
  return withClient(options, async (client, signal) => {
    const { language } = options;
    const consent = isStored
      ? options.consent
      : (await client.ownVoices.consent(await fileSource(options.consent), { name, language }, { signal })).id;
    try {
      const { id } = await client.ownVoices.create(await fileSource(options.sample), { name, consent }, { signal });
      result(id);
      if (options.wait) return await waited(client, id, signal);
    } catch (error) {
      if (!isStored && !(await hasVoice(client, consent)))
        await client.ownVoices.deleteConsent(consent).catch(() => {});
      throw error;
    }
    note('It is being made, which takes minutes: sotto voices own tells how far it is.');
    return EXIT.ok;
  });
}

/** Waiting may have failed, or been interrupted, while the voice is being made. */
async function hasVoice(client: SottoClient, consent: string): Promise<boolean> {
  const list = await client.speech.voices().catch(() => null);
  return list === null || (list.own ?? []).some((voice) => voice.consent === consent);
}

async function waited(client: SottoClient, id: string, signal: AbortSignal): Promise<ExitCode> {
  const { job_id: jobId } = await client.ownVoices.find(id, { signal });
  await client.wait(jobId, { signal });
  const { similarity, nearest } = await client.ownVoices.find(id, { signal });
  const of = (value = 0) => value.toFixed(2);
  note(
    `It is made. Its likeness is ${of(similarity)} of 1; ${nearest?.voice ?? 'the nearest'} has ${of(nearest?.similarity)}.`,
  );
  return EXIT.ok;
}

export function renameOwn(id: string, name: string, options: ServiceOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    await client.ownVoices.rename(id, name, { signal });
    note(`${id} is called ${name}.`);
    return EXIT.ok;
  });
}

export function deleteOwn(ids: readonly string[], options: ServiceOptions): Promise<ExitCode> {
  return eachId(ids, options, async ({ ownVoices }, id, signal) => {
    if (consentIdSchema.safeParse(id).success) await ownVoices.deleteConsent(id, { signal });
    else await ownVoices.delete(id, { signal });
    note(`${id} is deleted.`);
  });
}
