import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { SpeakOptions, SpeechInput } from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import { CommandError, EXIT } from '../../exit-codes.ts';
import { mustBeReadable, unlessFile } from '../../recordings/readable.ts';

export interface Spoken extends Pick<SpeakOptions, 'name' | 'textFormat'> {
  text: SpeechInput;
}

/**
 * What the arguments say: the words after --text, a file, words where a file could be named, or standard input.
 * @throws CommandError for a file that cannot be read
 */
export async function spokenOf(argument: string | undefined, words: string | undefined): Promise<Spoken> {
  if (words !== undefined) {
    if (argument !== undefined) throw new CommandError('There is a file and a --text: name one of them.', EXIT.usage);
    return { text: words };
  }
  if (argument === undefined || argument === '-') return { text: await textOf(process.stdin) };
  const isThere = (await stat(argument).catch(() => null)) !== null;
  if (!isThere && looksLikeWords(argument)) return { text: argument };
  if (!isThere) {
    const hint = `To speak these words: sotto speak --text "${argument}"`;
    throw new CommandError(`${argument}: there is no such file. ${hint}`, EXIT.unreadable);
  }
  await mustBeReadable([argument], unlessFile);
  const textFormat = extname(argument).toLowerCase() === '.xml' ? 'ssml' : undefined;
  return { text: await fileSource(argument), name: basename(argument), textFormat };
}

/** Several words that do not end as the name of a file does: a slip of the pen is not to be read aloud. */
export const looksLikeWords = (argument: string): boolean =>
  /\S\s+\S/.test(argument) && !/[^.\s]\.[A-Za-z]\w{1,4}$/.test(argument.trim());
