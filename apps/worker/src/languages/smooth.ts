import type { LanguageCode } from '@sotto/contracts';

/** Probabilities of languages; what is not named has none. */
export type LanguageProbabilities = Partial<Record<LanguageCode, number>>;

export interface HeardUnit {
  probabilities: LanguageProbabilities;
  speechMs: number;
}

/** So much evidence, in nats, two neighbours have to bring before they are taken for different languages. */
const CHANGE_COST = 2;
/** One unit alone is never certain. */
const LEAST_PROBABILITY = 0.001;
/** Less speech says less. */
const FULL_EVIDENCE_MS = 2_000;
/** A language that nothing speaks for so clearly is not spoken in the recording. */
const PLAIN_PROBABILITY = 0.6;

/**
 * The likeliest sequence of languages when changes are rare (Viterbi, https://doi.org/10.1109/TIT.1967.1054010): a unit is
 * taken for what its neighbours are, unless it speaks for itself.
 */
export function smoothLanguages(units: readonly HeardUnit[]): LanguageCode[] {
  const languages = spokenIn(units);
  let scores = languages.map(() => 0);
  const steps: number[][] = [];
  for (const unit of units) {
    const best = scores.indexOf(Math.max(...scores));
    const stays = scores.map((score) => score >= (scores[best] ?? 0) - CHANGE_COST);
    const from = stays.map((stay, at) => (stay ? at : best));
    const came = stays.map((stay, at) => (stay ? (scores[at] ?? 0) : (scores[best] ?? 0) - CHANGE_COST));
    steps.push(from);
    scores = came.map((score, at) => score + evidenceFor(languages[at], unit));
  }
  let at = scores.indexOf(Math.max(...scores));
  const path: LanguageCode[] = [];
  for (let index = units.length - 1; index >= 0; index -= 1) {
    path.unshift(languages[at] ?? 'en');
    at = steps[index]?.[at] ?? at;
  }
  return path;
}

function evidenceFor(language: LanguageCode | undefined, { probabilities, speechMs }: HeardUnit): number {
  const probability = language === undefined ? 0 : (probabilities[language] ?? 0);
  return Math.log(Math.max(LEAST_PROBABILITY, probability)) * Math.min(1, speechMs / FULL_EVIDENCE_MS);
}

/** Languages that a unit plainly speaks for; where none does, the likeliest over all. */
function spokenIn(units: readonly HeardUnit[]): LanguageCode[] {
  const found = new Set<LanguageCode>();
  for (const { probabilities, speechMs } of units) {
    const [top] = likely(probabilities);
    if (top !== undefined && top[1] >= PLAIN_PROBABILITY && speechMs >= FULL_EVIDENCE_MS) found.add(top[0]);
  }
  if (found.size > 0) return [...found];
  const [top] = likely(meanProbabilities(units.map(({ probabilities }) => probabilities)));
  return [top?.[0] ?? 'en'];
}

/** Likeliest first. */
export function likely(probabilities: LanguageProbabilities): [LanguageCode, number][] {
  return (Object.entries(probabilities) as [LanguageCode, number][]).sort((a, b) => b[1] - a[1]);
}

export function meanProbabilities(all: readonly LanguageProbabilities[]): LanguageProbabilities {
  const mean: LanguageProbabilities = {};
  for (const probabilities of all) {
    for (const [language, probability] of likely(probabilities)) {
      mean[language] = (mean[language] ?? 0) + probability / all.length;
    }
  }
  return mean;
}
