/**
 * Local speakers to different voices, so that the similarities' sum is largest; those for whom no voice is left to their nearest.
 * @param similarities a row for each local speaker, at most three; a number for each voice
 * @returns the voice of each
 */
export function assign(similarities: readonly (readonly number[])[]): number[] {
  const best = bestAssignment(similarities, 0, new Set());
  return similarities.map((row, speaker) => best.voices[speaker] ?? row.indexOf(Math.max(...row)));
}

interface Assignment {
  sum: number;
  /** null: no voice of its own. */
  voices: (number | null)[];
}

/** Only a row's nearest voices can be its share: others of which each row takes one are as many as there are rows. */
function bestAssignment(rows: readonly (readonly number[])[], speaker: number, taken: ReadonlySet<number>): Assignment {
  const row = rows[speaker];
  if (row === undefined) return { sum: 0, voices: [] };
  const free = row
    .map((similarity, voice) => ({ similarity, voice }))
    .filter(({ voice }) => !taken.has(voice))
    .toSorted((a, b) => b.similarity - a.similarity)
    .slice(0, rows.length);
  // With fewer voices than speakers somebody goes without.
  const options: Assignment[] = (row.length < rows.length ? [...free, null] : free).map((choice) => {
    const rest = bestAssignment(rows, speaker + 1, choice === null ? taken : new Set([...taken, choice.voice]));
    return { sum: rest.sum + (choice?.similarity ?? -2), voices: [choice?.voice ?? null, ...rest.voices] };
  });
  return options.reduce((a, b) => (b.sum > a.sum ? b : a), { sum: Number.NEGATIVE_INFINITY, voices: [null] });
}
