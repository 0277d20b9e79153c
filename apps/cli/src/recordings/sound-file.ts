import { extname } from 'node:path';
import { SPEECH_FORMATS, type SpeechFormat } from '@sotto/contracts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { note } from '../terminal/output.ts';
import { writeResult } from './result-file.ts';

/** Where sound goes: a file, or standard output. */
export interface SoundFlags {
  output?: string;
  format?: SpeechFormat;
}

const EXTENSIONS: Readonly<Record<string, SpeechFormat>> = { ogg: 'opus', m4a: 'm4b', raw: 'pcm' };

/** @throws CommandError for a terminal, and for a file whose name tells no format where none is named */
export function soundFormatOf({ output, format }: SoundFlags): SpeechFormat {
  const named = format ?? formatOf(output) ?? 'mp3';
  if (output !== undefined || !process.stdout.isTTY) return named;
  throw new CommandError('Sound cannot be shown in a terminal: redirect it, or name a file with -o.', EXIT.usage);
}

export async function deliverSound(sound: AsyncIterable<Uint8Array>, { output }: SoundFlags): Promise<void> {
  if (output !== undefined) {
    await writeResult(output, sound);
    note(output);
    return;
  }
  for await (const bytes of sound) {
    if (process.stdout.destroyed) return;
    await new Promise((resolve) => process.stdout.write(bytes, resolve));
  }
}

/** undefined: none is named. */
function formatOf(output: string | undefined): SpeechFormat | undefined {
  if (output === undefined) return undefined;
  const extension = extname(output).slice(1).toLowerCase();
  const format = EXTENSIONS[extension] ?? SPEECH_FORMATS.find((known) => known === extension);
  if (format !== undefined) return format;
  throw new CommandError(
    `${output}: its name tells no format of ${SPEECH_FORMATS.join(', ')}; use --format.`,
    EXIT.usage,
  );
}
