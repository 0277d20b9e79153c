import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Report, ratio } from '../table.ts';
import { runFasterWhisper } from './faster-whisper.ts';
import { type Contender, inTurn } from './in-turn.ts';
import { beginning, talk } from './material.ts';
import { ourEngine } from './our-engine.ts';
import { missing, type Setting } from './setting.ts';

const SECONDS = 120;
const WARM_UP_SECONDS = 5;

/** The same minutes on a quiet machine and beside a process that never rests. */
export async function besideBusy(setting: Setting): Promise<Report> {
  const { model, rounds, threads, fasterWhisper: fw } = setting;
  const recording = await talk(SECONDS);
  const wav = recording.path;
  const { path: warmUp } = await beginning(recording, WARM_UP_SECONDS);
  const alone: Contender[] = [
    {
      name: 'Sotto, engine alone',
      rounds,
      run: async () => {
        const { wallMs, text, peakBytes } = await ourEngine({ model, wav, threads });
        return { wallMs: wallMs[0] ?? Number.NaN, text, peakBytes };
      },
    },
  ];
  if ('value' in fw) {
    const job = { wavs: [wav], warmUp, batched: true, computeType: 'float32', beamSize: 1, threads } as const;
    const run = async () => {
      const { wallMs, texts, peakBytes } = await runFasterWhisper(fw.value, { ...job, wordTimes: false });
      return { wallMs, text: texts.join(' '), peakBytes };
    };
    alone.push({ name: 'faster-whisper batched, float32', rounds, run });
  }
  const figures = await inTurn([...alone, ...alone.map(beside)]);
  const wallOf = (name: string) => figures.get(name)?.wallMs ?? Number.NaN;
  return {
    title: 'Beside a busy process',
    method: `${Math.round(recording.seconds)} s (${recording.what}), greedy, ${threads} threads on ${threads} or more cores, median of ${rounds}; the neighbour is one endless loop. The goal is at most 2.00x. ${missing(setting).join(' ')}`,
    columns: ['what', 'quiet s', 'beside it s', 'slower'],
    rows: alone.map(({ name }) => {
      const [quiet, busy] = [wallOf(name), wallOf(busyName(name))];
      return [name, (quiet / 1_000).toFixed(1), (busy / 1_000).toFixed(1), ratio(busy / quiet)];
    }),
  };
}

const busyName = (name: string): string => `${name}, beside a busy process`;

function beside({ name, rounds, run }: Contender): Contender {
  const busily = async () => {
    const neighbour = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    try {
      return await run();
    } finally {
      neighbour.kill('SIGKILL');
      await once(neighbour, 'close');
    }
  };
  return { name: busyName(name), rounds, run: busily };
}
