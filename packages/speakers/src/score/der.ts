/** Anybody's turn, by any name. */
export interface NamedTurn {
  start: number;
  end: number;
  speaker: string | number;
}

/** Seconds of each kind of error, added over speakers; `total` is what the truth has of speech. */
export interface DiarizationErrors {
  missed: number;
  falseAlarm: number;
  confusion: number;
  total: number;
  trueSpeakers: number;
  foundSpeakers: number;
}

/**
 * The diarization error, collar 0 and overlap scored, under the best one-to-one mapping of speakers.
 * @param seconds of the recording: turns are cut to it
 */
export function diarizationErrors(
  truth: readonly NamedTurn[],
  found: readonly NamedTurn[],
  seconds: number,
): DiarizationErrors {
  const [real, claimed] = [bySpeaker(truth), bySpeaker(found)];
  const cuts = [0, seconds, ...[...truth, ...found].flatMap(({ start, end }) => [start, end])];
  const times = [...new Set(cuts.map((time) => Math.min(seconds, Math.max(0, time))))].sort((a, b) => a - b);
  const shared = real.map(() => claimed.map(() => 0));
  const errors = { missed: 0, falseAlarm: 0, confusion: 0, total: 0 };
  let right = 0;
  times.slice(1).forEach((end, index) => {
    const start = times[index] ?? 0;
    const length = end - start;
    const middle = (start + end) / 2;
    const speaks = (turns: readonly NamedTurn[]) => turns.some((turn) => turn.start < middle && middle < turn.end);
    const [realNow, claimedNow] = [real.map(speaks), claimed.map(speaks)];
    const [many, claims] = [realNow.filter(Boolean).length, claimedNow.filter(Boolean).length];
    errors.total += many * length;
    errors.missed += Math.max(0, many - claims) * length;
    errors.falseAlarm += Math.max(0, claims - many) * length;
    errors.confusion += Math.min(many, claims) * length;
    shared.forEach((row, r) => {
      row.forEach((sum, c) => {
        if (realNow[r] && claimedNow[c]) row[c] = sum + length;
      });
    });
  });
  right = bestMapping(shared).sum;
  errors.confusion = Math.max(0, errors.confusion - right);
  return { ...errors, trueSpeakers: real.length, foundSpeakers: claimed.length };
}

/** Who each found speaker is, under the one-to-one mapping that shares most of the time; absent: nobody is left for it. */
export function mappedSpeakers(
  truth: readonly NamedTurn[],
  found: readonly NamedTurn[],
): Map<NamedTurn['speaker'], NamedTurn['speaker']> {
  const [real, claimed] = [bySpeaker(truth), bySpeaker(found)];
  const shared = claimed.map((turns) => real.map((others) => sharedSeconds(turns, others)));
  const { pairs } = bestMapping(shared);
  return new Map(
    pairs.flatMap(([from, to]) => {
      const [one, other] = [claimed[from]?.[0], real[to]?.[0]];
      return one === undefined || other === undefined ? [] : [[one.speaker, other.speaker]];
    }),
  );
}

const sharedSeconds = (turns: readonly NamedTurn[], others: readonly NamedTurn[]): number =>
  turns
    .flatMap((a) => others.map((b) => Math.min(a.end, b.end) - Math.max(a.start, b.start)))
    .reduce((sum, seconds) => sum + Math.max(0, seconds), 0);

export const errorRate = ({ missed, falseAlarm, confusion, total }: DiarizationErrors): number =>
  total === 0 ? 0 : (missed + falseAlarm + confusion) / total;

function bySpeaker(turns: readonly NamedTurn[]): NamedTurn[][] {
  const groups = new Map<string, NamedTurn[]>();
  for (const turn of turns) {
    const group = groups.get(String(turn.speaker)) ?? [];
    groups.set(String(turn.speaker), group);
    group.push(turn);
  }
  return [...groups.values()];
}

interface Mapping {
  sum: number;
  /** [row, column] */
  pairs: [number, number][];
}

/** Each row to another column, exactly: by dynamic programming over sets of columns, of which there are at most 2^20. */
function bestMapping(rows: readonly (readonly number[])[]): Mapping {
  const columns = rows[0]?.length ?? 0;
  if (columns > rows.length) {
    const { sum, pairs } = bestMapping(transposed(rows));
    return { sum, pairs: pairs.map(([row, column]) => [column, row]) };
  }
  if (columns > 20) throw new RangeError(`${columns} speakers cannot be mapped`);
  let best = new Map<number, Mapping>([[0, { sum: 0, pairs: [] }]]);
  for (const [at, row] of rows.entries()) {
    const next = new Map(best);
    for (const [taken, { sum, pairs }] of best) {
      row.forEach((value, column) => {
        const set = taken | (1 << column);
        if (set === taken || value <= 0 || sum + value <= (next.get(set)?.sum ?? -1)) return;
        next.set(set, { sum: sum + value, pairs: [...pairs, [at, column]] });
      });
    }
    best = next;
  }
  return [...best.values()].reduce((a, b) => (b.sum > a.sum ? b : a));
}

const transposed = (rows: readonly (readonly number[])[]): number[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0));
