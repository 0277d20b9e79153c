import type { OfferedVoice, SpeechOffer } from '@sotto/contracts';

/** Somebody who says something: `named`: whose voice was chosen. */
export interface Role {
  /** null: nobody is known. */
  speaker: number | null;
  named: string | null;
}

/**
 * A voice for each speaker, in the order in which they are given: the chosen one, the usual one for the first, and others of
 * the same engine and language for those after, female and male in turn, as long as there are any. null: the usual one.
 */
export function cast(
  roles: readonly Role[],
  usual: { voice: string; language: string },
  offer: Pick<SpeechOffer, 'voices'> | undefined,
): Map<number | null, string | null> {
  const taken = new Set(roles.flatMap(({ named }) => named ?? []));
  const others = inTurn(offer?.voices ?? [], usual).filter((id) => !taken.has(id));
  // A choice of the usual voice for somebody makes it nobody else's.
  const free: (string | null)[] = [...(taken.has(usual.voice) ? [] : [null]), ...others];
  let next = 0;
  return new Map(
    roles.map(({ speaker, named }) => {
      if (named !== null || speaker === null || free.length === 0) return [speaker, named];
      const voice = free[next % free.length] ?? null;
      next += 1;
      return [speaker, voice];
    }),
  );
}

/** The other voices of a language: the best first, the genders in turn, beginning with the one that the usual voice has not. */
function inTurn(voices: readonly OfferedVoice[], usual: { voice: string; language: string }): string[] {
  const base = (tag: string) => tag.toLowerCase().split(/[-_]/)[0];
  const fitting = voices.filter(
    ({ id, languages: [own = ''] }) => id !== usual.voice && base(own) === base(usual.language),
  );
  const gender = voices.find(({ id }) => id === usual.voice)?.gender ?? null;
  const same = fitting.filter((voice) => voice.gender === gender);
  const other = fitting.filter((voice) => voice.gender !== gender);
  const longest = Math.max(same.length, other.length);
  return Array.from({ length: longest }, (_, at) => [other[at], same[at]]).flatMap((pair) =>
    pair.flatMap((voice) => voice?.id ?? []),
  );
}
