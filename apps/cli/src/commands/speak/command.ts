import { MAX_SPEED, MIN_SPEED, SPEECH_FORMATS, TEXT_FORMATS } from '@sotto/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { StartService } from '../../connection/connection.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { positiveNumber } from '../../options/numbers.ts';
import { addServiceOptions } from '../../options/service.ts';
import { type SpeakFlags, speak } from './speak.ts';

export function addSpeak(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  const command = program
    .command('speak')
    .description('speak a text or a document: into a file, or to standard output while it is made')
    .argument(
      '[file]',
      'text, Markdown, SSML, srt, vtt, docx or epub, or "words to speak"; default, or -: standard input',
    )
    .option('-t, --text <text>', 'text to speak instead of a file')
    .option('-o, --output <file>', 'sound file to write; its name tells the format')
    .addOption(
      new Option('-f, --format <name>', 'of the sound; default: that of the output, else mp3').choices(SPEECH_FORMATS),
    )
    .option('--voice <id>', 'voice, see sotto voices; default: the best for the language')
    .option('-l, --language <code>', 'language, such as en or pt-BR; default: that of the voice')
    .option('--dictionary <name>', 'how words are said; see docs/spoken-text.md')
    .option('--speed <factor>', 'how fast, 1 is usual', speed)
    .addOption(
      new Option('--markup <name>', 'how the text is written; default: as its name and content tell').choices(
        TEXT_FORMATS,
      ),
    );
  addServiceOptions(command).action(async (file: string | undefined, options: Omit<SpeakFlags, 'startService'>) =>
    exitWith(await speak(file, { ...options, startService })),
  );
}

function speed(text: string): number {
  const value = positiveNumber(text);
  if (value >= MIN_SPEED && value <= MAX_SPEED) return value;
  throw new InvalidArgumentError(`It must be between ${MIN_SPEED} and ${MAX_SPEED}.`);
}
