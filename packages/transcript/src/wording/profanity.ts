import type { TextEdit } from './edits.ts';
import { tokensOf } from './tokens.ts';

/**
 * Words that are nothing but swearing. Lists on npm are made to keep searches clean: they hold words that most sentences
 * use innocently, which a transcript must not lose.
 */
const SWEAR_WORDS: Readonly<Record<string, string>> = {
  en: 'fuck fucks fucked fucker fuckers fucking motherfucker motherfuckers motherfucking shit shits shitty bullshit shithead asshole assholes bitch bitches cunt cunts twat wanker wankers bollocks dickhead dickheads cocksucker goddamn',
  de: 'scheiße scheiß scheisse scheiss beschissen beschissene beschissener beschissenes verschissen arschloch arschlöcher fotze fotzen ficken fick fickt gefickt verfickt verfickte verfickter hurensohn hurensöhne wichser wixer schlampe schlampen',
  es: 'mierda puta putas puto putos joder jodido jodida coño cabrón cabrones cabrona gilipollas pendejo pendejos chingar chingada follar',
  fr: 'merde putain connard connards connasse salope salopes enculé enculés encule foutre niquer nique',
  it: 'merda cazzo cazzi stronzo stronza stronzi vaffanculo puttana puttane coglione coglioni fanculo',
};
const BY_LANGUAGE = new Map(Object.entries(SWEAR_WORDS).map(([code, list]) => [code, new Set(list.split(' '))]));

/** `fucking` -> `f******` */
export function profanityEdits(text: string, language: string | null): TextEdit[] {
  const words = BY_LANGUAGE.get(language ?? '');
  if (words === undefined) return [];
  return tokensOf(text)
    .filter((token) => words.has(token.text.normalize().toLowerCase()))
    .map((token) => ({ start: token.start + 1, end: token.end, text: '*'.repeat(token.text.length - 1) }));
}
