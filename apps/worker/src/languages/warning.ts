import { LANGUAGES, type LanguageCode, type LikelyLanguage, type Warning } from '@sotto/contracts';

/** Below it the language may well be another one. */
const DOUBTFUL = 0.7;

/** Says which language it may be instead, where the detected one is doubtful. */
export function languageWarnings(found: LikelyLanguage | null, runnerUp: LikelyLanguage | undefined): Warning[] {
  if (found === null || found.probability >= DOUBTFUL) return [];
  const next = runnerUp === undefined ? '' : ` or ${shown(runnerUp)}`;
  return [
    {
      code: 'language_uncertain',
      detail: `The language may be ${shown(found)}${next}. Name it with \`language\`, or the possible ones with \`languages\`.`,
    },
  ];
}

const shown = ({ language, probability }: LikelyLanguage) =>
  `${LANGUAGES[language as LanguageCode] ?? language} (${Math.round(probability * 100)} %)`;
