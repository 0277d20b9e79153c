import { SPEECH_FORMATS, TASKS } from '@sotto/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { StartService } from '../../connection/connection.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { addServiceOptions } from '../../options/service.ts';
import { addSpeakerOptions } from '../../options/speakers.ts';
import { type DubFlags, dub } from './dub.ts';

export function addDub(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  const command = program
    .command('dub')
    .description('speak what is said in a recording into its times, a voice for each speaker')
    .argument('<file>', 'a recording, its http(s) address, or the id of a job that has transcribed one')
    .option('-o, --output <file>', 'sound file to write; its name tells the format')
    .addOption(
      new Option('-f, --format <name>', 'of the sound; default: that of the output, else mp3').choices(SPEECH_FORMATS),
    )
    .option('--voice <id>', 'voice, see sotto voices; default: the best for the language')
    .option('--cast <speaker=voice>', 'voice of a speaker (SPEAKER_00, or a name); may be repeated', cast)
    .option('-l, --language <code>', 'language to speak, such as en or pt-BR; default: that of the transcript')
    .option('-m, --model <name>', 'of a recording: model to transcribe it with')
    .addOption(new Option('--task <task>', 'of a recording: what to do; translate: into English').choices([...TASKS]))
    .option('-q, --quiet', 'show no progress');
  addServiceOptions(addSpeakerOptions(command)).action(
    async (source: string, options: Omit<DubFlags, 'startService'>) =>
      exitWith(await dub(source, { ...options, startService })),
  );
}

/** The last `=`: a name may have one, a voice has none. */
function cast(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.lastIndexOf('=');
  const [speaker, voice] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && speaker !== '' && voice !== '') return { ...before, [speaker]: voice };
  throw new InvalidArgumentError('It must be a speaker and a voice, such as SPEAKER_00=af_heart.');
}
