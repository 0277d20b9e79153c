import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_RATE, temporaryFolder, writeWav } from '@sotto/testkit';
import type { Report } from '../table.ts';
import { mixPiece, PIECE_SECONDS, recordings } from './mix.ts';
import { inProcessOfItsOwn } from './our-engine.ts';
import type { SameJob, SameOutcome } from './same-child.ts';
import type { Setting } from './setting.ts';

const SLOTS = 8;
/** Two tokens so close may change places. */
const CLOSE = 1e-3;
const MOST_SHOWN = 80;

/** The same windows decoded eight together and one by one: nothing of what comes out may depend on it. */
export async function same(setting: Setting): Promise<Report[]> {
  const first = Math.round((3_600 * setting.fromHours) / PIECE_SECONDS);
  const count = Math.max(1, Math.round((3_600 * setting.hours) / PIECE_SECONDS));
  const folder = await temporaryFolder('bench-same');
  const outcomes: (SameOutcome & { piece: number })[] = [];
  let seconds = 0;
  try {
    for (let piece = first; piece < first + count; piece++) {
      const samples = await mixPiece(piece);
      seconds += samples.length / SAMPLE_RATE;
      const wav = join(folder, 'piece.wav');
      await writeWav(wav, samples);
      const { model, threads, backend } = setting;
      const job: SameJob = { model, wav, backend, slots: SLOTS, threads };
      const outcome = await inProcessOfItsOwn<SameOutcome>('same-child.ts', job);
      outcomes.push({ ...outcome, piece });
      process.stderr.write(`  piece ${piece}: ${outcome.windows} windows, ${outcome.differences.length} differ\n`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return [figures(outcomes, seconds, setting), listed(outcomes)];
}

function figures(outcomes: readonly SameOutcome[], seconds: number, { fromHours, threads }: Setting): Report {
  const sum = (of: (outcome: SameOutcome) => number) => outcomes.reduce((total, each) => total + of(each), 0);
  const far = sum(({ differences }) => differences.filter(({ margin }) => margin === null || margin > CLOSE).length);
  return {
    title: `Batch 1 and batch ${SLOTS}`,
    method: `${(seconds / 3_600).toFixed(2)} hours from hour ${fromHours} of a mix: real speech (${recordings().length} recordings, each time at another tempo and loudness) and synthesised in turn, with noise. Windows as the service cuts them, greedy and beam 5 in turn, word times, ${threads} threads. Compared to the last bit: tokens, times, confidences, language, silence, temperature.`,
    columns: [
      'backend',
      'windows',
      'with fallback',
      'tokens',
      'differ',
      `by more than ${CLOSE}`,
      `batch ${SLOTS} s`,
      'batch 1 s',
    ],
    rows: [
      [
        outcomes[0]?.backend ?? '',
        ...[sum((o) => o.windows), sum((o) => o.warm), sum((o) => o.tokens), sum((o) => o.differences.length), far].map(
          String,
        ),
        ...[sum((o) => o.togetherMs), sum((o) => o.aloneMs)].map((ms) => (ms / 1_000).toFixed(0)),
      ],
    ],
  };
}

function listed(outcomes: readonly (SameOutcome & { piece: number })[]): Report {
  const rows = outcomes.flatMap(({ piece, differences }) =>
    differences.map(({ window, beamSize, what, one, other, margin }) => [
      String(piece),
      String(window),
      String(beamSize),
      what,
      one.slice(0, MOST_SHOWN),
      other.slice(0, MOST_SHOWN),
      margin === null ? '-' : margin.toExponential(1),
    ]),
  );
  return {
    title: 'Windows that differ',
    method:
      rows.length === 0
        ? 'None.'
        : 'The first difference of each; margin: between the probabilities of the two tokens.',
    columns: ['piece', 'window', 'beams', 'what', `batch ${SLOTS}`, 'batch 1', 'margin'],
    rows,
  };
}
