import { z } from 'zod';
import { flagField, number, optional } from './form-fields.ts';
import { CHANNEL_CHOICES, type DeliveryOptions, type RunOptions, speakerNameSchema } from './options.ts';
import {
  ALL_VOICES,
  MAX_CHANNELS,
  MAX_KNOWN_VOICES,
  MAX_SPEAKERS,
  type SpeakerHints,
  speakerHintsProblem,
} from './speakers.ts';

const count = optional(number.pipe(z.int().min(1).max(MAX_SPEAKERS)));

/** `Anna, Ben`, or a JSON list where a name has a comma. */
const nameList = z
  .string()
  .transform((text, context): unknown => {
    if (!text.trim().startsWith('[')) return text.split(',');
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'is not valid JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string().trim().pipe(speakerNameSchema)));

/** Whose voices are looked for: those of these names, or `all`. */
export type AskedVoices = string[] | typeof ALL_VOICES;

const askedVoices = nameList
  .pipe(z.array(z.string()).max(MAX_KNOWN_VOICES))
  .transform((names): AskedVoices => (names.length === 1 && isAll(names[0]) ? ALL_VOICES : names));

const isAll = (name: string | undefined): boolean => name?.toLowerCase() === ALL_VOICES;

export const speakerNameField = optional(nameList.pipe(z.array(z.string()).max(MAX_SPEAKERS))).meta({
  description:
    'Names of the speakers in the order in which they are first heard: `Anna, Ben`, or a JSON list. With `channels=split`: of the channels, in their order.',
});

/** What is known of the number of speakers. */
export const speakerHintFields = {
  num_speakers: count.meta({ description: `How many people speak, 1 to ${MAX_SPEAKERS}. Empty: that is found out.` }),
  min_speakers: count.meta({ description: 'At least so many people speak.' }),
  max_speakers: count.meta({ description: 'At most so many people speak.' }),
};
type SpeakerHintForm = { [Name in keyof typeof speakerHintFields]?: z.output<(typeof speakerHintFields)[Name]> };

export const speakerFields = {
  diarize: flagField('false', 'true: also tell who says what. A number of speakers or known voices ask for it, too.'),
  ...speakerHintFields,
  speaker_names: speakerNameField,
  channels: optional(z.string().trim().toLowerCase().pipe(z.enum(CHANNEL_CHOICES))).meta({
    description: `\`split\`: each channel, of at most ${MAX_CHANNELS}, is transcribed by itself and is a speaker; it cannot go with \`diarize\` or numbers of speakers. \`mix\`: all channels together.`,
    enum: [...CHANNEL_CHOICES],
    default: 'mix',
  }),
  known_speakers: optional(askedVoices).meta({
    description: 'Names of stored voices that may be heard (see /voices/speakers): `Anna, Ben`, a JSON list, or `all`.',
  }),
};

export function speakerHintsOf({ num_speakers, min_speakers, max_speakers }: SpeakerHintForm): SpeakerHints {
  return {
    ...(num_speakers !== undefined && { count: num_speakers }),
    ...(min_speakers !== undefined && { least: min_speakers }),
    ...(max_speakers !== undefined && { most: max_speakers }),
  };
}

type SpeakerForm = SpeakerHintForm & {
  diarize?: boolean | undefined;
  speaker_names?: string[] | undefined;
  channels?: (typeof CHANNEL_CHOICES)[number] | undefined;
  known_speakers?: AskedVoices | undefined;
};

/** `problem`: why the fields cannot be obeyed together; null: they can. */
export function speakerWishOf(form: SpeakerForm): {
  run: Pick<RunOptions, 'speakers' | 'channels'>;
  delivery: Pick<DeliveryOptions, 'speakerNames'>;
  problem: string | null;
} {
  const hints = speakerHintsOf(form);
  const given = [
    ...(Object.keys(hints).length > 0 ? ['A number of speakers is'] : []),
    ...(form.known_speakers === undefined ? [] : ['Known speakers are']),
  ];
  const { diarize = given.length > 0, speaker_names: speakerNames = [] } = form;
  const isSplit = form.channels === 'split';
  return {
    run: { ...(diarize && { speakers: hints }), ...(isSplit && { channels: 'split' as const }) },
    delivery: speakerNames.length > 0 ? { speakerNames } : {},
    problem: wishProblem({ hints, given, diarize, isSplit }),
  };
}

interface SpeakerWish {
  hints: SpeakerHints;
  /** What else asks for speakers. */
  given: readonly string[];
  diarize: boolean;
  isSplit: boolean;
}

function wishProblem({ hints, given, diarize, isSplit }: SpeakerWish): string | null {
  if (isSplit && (diarize || given.length > 0)) {
    return 'channels=split makes each channel a speaker, so diarize, numbers of speakers and known speakers cannot be given';
  }
  if (given.length > 0 && !diarize) return `${given[0]} given, but diarize is false`;
  return speakerHintsProblem(hints);
}
