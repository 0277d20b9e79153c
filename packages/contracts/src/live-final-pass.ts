import { z } from 'zod';
import { transcribeFormSchema } from './transcribe-form.ts';

/** Said by the session itself: where its recording is, and that nobody waits for the answer. */
const { url, upload_id, item_id, async, cancel_on_disconnect, ...asked } = transcribeFormSchema.shape;
const formSchema = z.strictObject(asked);

type Field = keyof typeof asked;

/** A form has texts only: so does JSON here, and numbers, booleans and lists as well. null: as if it were left out. */
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]).nullable();

const optionOf = (field: z.ZodType) => value.optional().meta({ description: field.meta()?.description ?? '' });
const fields = Object.fromEntries(Object.entries(asked).map(([name, field]) => [name, optionOf(field)]));
/** Unknown names are told by the form. */
const jsonSchema = z.looseObject(fields as { [K in Field]: ReturnType<typeof optionOf> });

/** Everything that a recording may be asked for. */
const EVERYTHING = { diarize: true };

/** What becomes of the recording of a session. null: nothing, it is not stored. */
export const wireFinalPassSchema = z
  .union([z.boolean(), jsonSchema])
  .default(false)
  .transform((choice) => (choice === true ? EVERYTHING : choice))
  .transform((choice, context) => {
    if (choice === false) return null;
    const parsed = formSchema.safeParse(textsOf(choice));
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  })
  .meta({
    description:
      'What was said becomes a job when the session is over: it is transcribed once more, with these options of `POST /transcribe`. `true`: with speakers. `false`: the audio is not stored.',
  });
export type FinalPass = NonNullable<z.output<typeof wireFinalPassSchema>> & { async?: boolean | undefined };

function textsOf(options: Record<string, unknown>): Record<string, string> {
  const given = Object.entries(options).filter(([, option]) => option !== undefined && option !== null);
  return Object.fromEntries(given.map(([name, option]) => [name, textOf(option)]));
}

const textOf = (option: unknown): string => (typeof option === 'object' ? JSON.stringify(option) : String(option));
