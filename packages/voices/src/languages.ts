/** Where a language alone says too little, the variety that most people mean by it, and codes that others write differently. */
const USUAL: Readonly<Record<string, string>> = {
  en: 'en-us',
  'en-uk': 'en-gb',
  pt: 'pt-br',
  zh: 'cmn',
  'zh-cn': 'cmn',
  no: 'nb',
  nn: 'nb',
  tl: 'fil',
};

/**
 * Which of the offered languages is meant: the same code, else the usual variety of the language, else any variety of it.
 * @param asked BCP 47 in any case, `_` for `-` allowed
 * @returns one of `offered`, or null
 */
export function languageMeant(asked: string, offered: readonly string[]): string | null {
  const code = asked.trim().toLowerCase().replaceAll('_', '-');
  const [primary = ''] = code.split('-');
  const usual = [USUAL[code], USUAL[primary]];
  const exact = [code, ...usual, primary].find((each) => each !== undefined && offered.includes(each));
  if (exact !== undefined) return exact;
  return offered.find((each) => each.split('-')[0] === primary) ?? null;
}
