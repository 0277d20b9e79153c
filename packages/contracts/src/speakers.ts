import * as z from 'zod';

/** Speakers that a recording can be told to have. */
export const MAX_SPEAKERS = 50;
export const MAX_SPEAKER_NAME_CHARACTERS = 80;
/** Channels of a recording that can be transcribed by themselves. */
export const MAX_CHANNELS = 8;
/** Voices that one API key may have stored. */
export const MAX_KNOWN_VOICES = 100;
/** Stands for all of them, and so for nobody's name. */
export const ALL_VOICES = 'all';

/** The kind of job, and of extra, that tells who speaks when. */
export const SPEAKERS_EXTRA = 'speakers';

/** A recording is listened to for its speakers in pieces of at most this length, each a checkpoint. */
export const SPEAKER_PIECE_SECONDS = 300;

/** The model that hears speakers: what people may want to know of it. Its file and source are in packages/whisper. */
export const SPEAKER_MODEL_FACTS = {
  name: 'community-1',
  license: 'CC-BY-4.0',
  attribution:
    'speaker-diarization-community-1 by pyannote.ai, with the speaker embedding of WeSpeaker; quantised to int8 by Moonshine AI',
} as const;

const count = z.int().min(1).max(MAX_SPEAKERS);

/** What is known of the speakers; nothing: it is found. */
export const speakerHintsSchema = z.strictObject({
  count: count.optional(),
  least: count.optional(),
  most: count.optional(),
  /** Ids of the voices that are looked for, sorted. One that is gone when the speakers are told apart is nobody's. */
  known: z.array(z.uuid()).min(1).max(MAX_KNOWN_VOICES).optional(),
});
export type SpeakerHints = z.infer<typeof speakerHintsSchema>;

/** null: they can be obeyed; else what is wrong with them, in terms of the form's fields. */
export function speakerHintsProblem({ count: exact, least = 1, most = MAX_SPEAKERS }: SpeakerHints): string | null {
  if (least > most) return 'min_speakers is greater than max_speakers';
  if (exact !== undefined && (exact < least || exact > most)) {
    return 'num_speakers is not between min_speakers and max_speakers';
  }
  return null;
}

/** `SPEAKER_00`: as pyannote and whisperX number them. */
export const speakerId = (speaker: number): string => `SPEAKER_${String(speaker).padStart(2, '0')}`;
