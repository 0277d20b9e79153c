import type { OfferedVoice } from '@sotto/contracts';

const LICENCE = 'GPL-3.0-or-later';

/**
 * The languages in what `espeak-ng --voices` prints, sorted: a headline, then a line for each with its code in the second column.
 * The last column has other codes that it goes by; a code that two have belongs to the one that it is the name of.
 */
export function espeakLanguages(table: string): Map<string, string> {
  const rows = table.split('\n').slice(1).flatMap(rowOf);
  const names = new Map<string, string>();
  for (const { code, others } of rows) for (const other of others) if (!names.has(other)) names.set(other, code);
  for (const { code } of rows) names.set(code, code);
  return new Map([...names].sort(([a], [b]) => a.localeCompare(b)));
}

function rowOf(line: string): { code: string; others: string[] }[] {
  const [, code, , , file] = line.trim().split(/\s+/);
  // Voices of MBROLA are listed whether or not their data is there.
  if (code === undefined || file === undefined || file.startsWith('mb/')) return [];
  const others = [...line.matchAll(/\((\S+) \d+\)/g)].map(([, other]) => (other ?? '').toLowerCase());
  return [{ code: code.toLowerCase(), others }];
}

/** A voice of ours, and the variant of espeak's voice that it is. */
export interface EspeakVoice extends OfferedVoice {
  /** What is added to the language in espeak's `-v`. */
  variant: string;
}

export function espeakVoices(languages: Iterable<string>): EspeakVoice[] {
  const all = [...languages];
  const own = all.includes('en-us') ? ['en-us'] : [];
  const common = {
    languages: [...own, ...all.filter((code) => !own.includes(code))],
    quality: 'low',
    kind: 'stock',
    licence: LICENCE,
  } as const;
  return [
    { ...common, id: 'espeak', name: 'eSpeak', gender: 'male', variant: '' },
    { ...common, id: 'espeak-f', name: 'eSpeak, higher', gender: 'female', variant: '+f3' },
  ];
}
