import { LIVE_ENCODINGS, LIVE_RATES } from '@sotto/contracts';
import { type Command, Option } from 'commander';
import type { StartService } from '../../connection/connection.ts';
import type { ExitWith } from '../../exit-codes.ts';
import { wholeNumber } from '../../options/numbers.ts';
import { oneMore } from '../../options/repeated.ts';
import { addServiceOptions } from '../../options/service.ts';
import { type LiveOptions, live } from './live.ts';

export function addLive(program: Command, exitWith: ExitWith, startService: StartService | null): void {
  const command = program
    .command('live')
    .description('print what is said while it is said, until Ctrl-C or the end of the source')
    .argument('[file]', 'recording to hear at its own pace; -: samples from standard input; default: the microphone')
    .option('--device <name>', 'microphone, as ffmpeg names it')
    .addOption(
      new Option('--encoding <name>', 'of the samples from standard input')
        .choices(Object.keys(LIVE_ENCODINGS))
        .default('pcm_s16le'),
    )
    .addOption(
      new Option('--rate <hertz>', 'of the samples from standard input, one channel')
        .choices(LIVE_RATES.map(String))
        .default('16000'),
    )
    .option('-l, --language <code>', 'language, such as en; default: that of each utterance is detected')
    .option('-m, --model <name>', "model; default: the service's")
    .option('--prompt <text>', 'text that the model takes for what was said before')
    .option('--keyterm <text>', 'a name or phrase to recognize; may be repeated', oneMore)
    .option('--silence <ms>', 'so long a silence ends a line; default: 500', wholeNumber)
    .option('--final-pass', 'when it is over, transcribe all of it once more, as a job of the service')
    .option('--diarize', 'with the job: also tell who says what')
    .option('--keep', 'with the job: keep transcript and recording in the library')
    .option('--keep-days <n>', 'with --keep: days after which both are deleted', wholeNumber)
    .option('--json', 'print the events, one JSON object a line');
  addServiceOptions(command).action(async (file: string | undefined, options: Omit<LiveOptions, 'startService'>) =>
    exitWith(await live(file, { ...options, startService })),
  );
}
