import { MAX_VOICE_NAME_CHARACTERS, type OfferedVoice } from '@sotto/contracts';
import { z } from 'zod';
import { kokoroLanguage } from '../kokoro/voices.ts';

/** A voice of another server: what we offer, and what it calls it. */
export interface RemoteVoice extends OfferedVoice {
  theirs: string;
}

/** More are not offered: somebody would have to look through them. */
const MAX_VOICES = 500;
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}$/;
const text = z.string().trim().min(1).max(MAX_VOICE_NAME_CHARACTERS);
const optionalText = text.optional().catch(undefined);

/** As Sotto, Kokoro-FastAPI, openai-edge-tts and others list them, where it is not a name alone. */
const listedSchema = z.object({
  id: optionalText,
  voice_id: optionalText,
  name: optionalText,
  language: optionalText,
  locale: optionalText,
  languages: z.array(text).optional().catch(undefined),
  gender: optionalText,
});
type Listed = Partial<z.output<typeof listedSchema>>;

export const REMOTE_ENGINE = 'remote';
const PREFIX = `${REMOTE_ENGINE}-`;

/** Whether a text names a voice of another server. */
export const isRemoteVoice = (voice: string): boolean => voice.trim().toLowerCase().startsWith(PREFIX);

/**
 * The id under which a voice of another server is offered: none of ours begins so. What ids do not have becomes `_`.
 * @param theirs as that server calls it
 */
export const remoteVoiceId = (theirs: string): string =>
  `${PREFIX}${theirs
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .slice(0, 100)}`;

/**
 * The voices in the answer to `GET /v1/audio/voices`. Entries that say nothing, and those whose id would be that of another, are left out.
 * @param usual languages of voices that the answer says nothing about
 * @returns empty when it is no list of voices
 */
export function listedVoices(answer: unknown, usual: readonly string[]): RemoteVoice[] {
  const list = z
    .union([z.array(z.unknown()), z.object({ voices: z.array(z.unknown()) }), z.object({ data: z.array(z.unknown()) })])
    .safeParse(answer).data;
  const entries = list === undefined ? [] : Array.isArray(list) ? list : 'voices' in list ? list.voices : list.data;
  const voices = entries.flatMap((entry) => {
    const { data: listed } = listedSchema.safeParse(typeof entry === 'string' ? { id: entry } : entry);
    return (listed && voiceOf(listed, usual)) ?? [];
  });
  return unique(voices).slice(0, MAX_VOICES);
}

/** @param named as `SPEECH_REMOTE_VOICES` has them: `alloy`, or with its languages `anna=de+en` */
export function namedVoices(named: readonly string[], usual: readonly string[]): RemoteVoice[] {
  const voices = named.flatMap((each) => {
    const [id = '', languages = ''] = each.split('=', 2);
    return voiceOf({ id: id.trim(), languages: languages.split('+') }, usual) ?? [];
  });
  return unique(voices);
}

function voiceOf(listed: Listed, usual: readonly string[]): RemoteVoice | null {
  const { id, voice_id, name, language, locale, languages = [], gender } = listed;
  const theirs = id ?? voice_id ?? name;
  if (theirs === undefined) return null;
  const said = [...languages, language, locale].flatMap(languageIn);
  const known = kokoroLanguage(theirs);
  const spoken = said.length > 0 ? said : known === null ? usual : [known];
  return {
    id: remoteVoiceId(theirs),
    theirs,
    name: name ?? theirs,
    languages: [...new Set(spoken)],
    gender: genderIn(gender),
    quality: 'medium',
    kind: 'stock',
    licence: "the other server's",
  };
}

function languageIn(value = ''): string[] {
  const code = value.toLowerCase().replaceAll('_', '-');
  return LANGUAGE.test(code) ? [code] : [];
}

function genderIn(value = ''): OfferedVoice['gender'] {
  const word = value.toLowerCase();
  return word === 'female' || word === 'male' ? word : null;
}

function unique(voices: readonly RemoteVoice[]): RemoteVoice[] {
  const byId = new Map<string, RemoteVoice>();
  for (const voice of voices) if (!byId.has(voice.id)) byId.set(voice.id, voice);
  return [...byId.values()];
}
