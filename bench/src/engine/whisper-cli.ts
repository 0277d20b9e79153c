import { type Outcome, runWatched } from './outcome.ts';

export interface WhisperCliJob {
  model: string;
  wav: string;
  beamSize: number;
  threads: number;
}

/** whisper-cli, built stock from the engine's own sources; its time includes loading the model (some 0.05 s for tiny.en). */
export async function runWhisperCli(cli: string, { model, wav, beamSize, threads }: WhisperCliJob): Promise<Outcome> {
  const args = ['-m', model, '-f', wav, '-l', 'en', '-t', String(threads), '-bs', String(beamSize), '-np', '-nt'];
  const { stdout, wallMs, peakBytes } = await runWatched(cli, [...args, ...(beamSize === 1 ? ['-bo', '1'] : [])]);
  return { text: stdout, wallMs, peakBytes };
}
