/** How English spells a sound when it wants to be understood: IPA, the longest first. */
const SOUNDS: readonly (readonly [ipa: string, spelling: string])[] = [
  ['tʃ', 'ch'],
  ['dʒ', 'j'],
  ['juː', 'ew'],
  ['aɪ', 'ye'],
  ['eɪ', 'ay'],
  ['ɔɪ', 'oy'],
  ['aʊ', 'ow'],
  ['oʊ', 'oh'],
  ['əʊ', 'oh'],
  ['ɪə', 'eer'],
  ['eə', 'are'],
  ['ɛə', 'are'],
  ['ʊə', 'oor'],
  ['iː', 'ee'],
  ['uː', 'oo'],
  ['ɑː', 'ah'],
  ['ɔː', 'aw'],
  ['ɜː', 'ur'],
  ['ɝ', 'ur'],
  ['ɚ', 'er'],
  ['ʃ', 'sh'],
  ['ʒ', 'zh'],
  ['θ', 'th'],
  ['ð', 'th'],
  ['ŋ', 'ng'],
  ['ɡ', 'g'],
  ['ɹ', 'r'],
  ['ɾ', 't'],
  ['x', 'kh'],
  ['j', 'y'],
  ['ɪ', 'i'],
  ['i', 'ee'],
  ['ɛ', 'e'],
  ['æ', 'a'],
  ['ʌ', 'u'],
  ['ə', 'uh'],
  ['ɒ', 'o'],
  ['ɑ', 'ah'],
  ['ɔ', 'aw'],
  ['ʊ', 'oo'],
  ['u', 'oo'],
];
const SPELLINGS = new Map(SOUNDS);
/** Where nothing stands before them, English spells these otherwise. */
const INITIAL = new Map([
  ['aɪ', 'eye'],
  ['eɪ', 'eigh'],
  ['juː', 'you'],
]);
const VOWEL = /^(?:juː|[aeiouæɑɒɔəɛɜɝɚɪʊʌ])/;
/** Short ones keep the consonant after them: lin-uhks. */
const SHORT_VOWEL = /^[ɪɛæʌɒʊ]$/;
const SOUND = new RegExp(`${SOUNDS.map(([ipa]) => ipa).join('|')}|\\p{Ll}|[ -]`, 'gu');

/**
 * Sounds as English would spell them, since no engine here takes phonemes in a text.
 *
 * @param ipa a stressed syllable is set off by a hyphen
 * @returns null: the language spells differently, or nothing is left
 */
export function respelled(ipa: string, language: string): string | null {
  if (!/^en\b/i.test(language)) return null;
  const sounds = ipa.replace(/[ˈˌ'.]/g, '-').match(SOUND) ?? [];
  const spelling = inSyllables(sounds).map((sound, at, all) => spellingOf(sound, all[at - 1], all[at + 1]));
  const word = spelling.join('').replace(/-+/g, '-').replace(/^-|-$/g, '');
  return /\p{L}/u.test(word) ? word : null;
}

/** English spells a vowel by what follows it in its syllable. */
function inSyllables(sounds: readonly string[]): string[] {
  return sounds.flatMap((sound, at) => {
    const [next = '', afterNext = ''] = sounds.slice(at + 1, at + 3);
    const isOpen = VOWEL.test(sound) && isConsonant(next) && VOWEL.test(afterNext) && !SHORT_VOWEL.test(sound);
    const isClosed = isConsonant(sound) && SHORT_VOWEL.test(sounds[at - 1] ?? '') && VOWEL.test(next);
    return isOpen || isClosed ? [sound, '-'] : [sound];
  });
}

const isConsonant = (sound: string): boolean => /\p{L}/u.test(sound) && !VOWEL.test(sound);

function spellingOf(sound: string, before = '-', after = '-'): string {
  if (sound === 'ə' && isConsonant(after)) return 'u';
  const initial = /[- ]/.test(before) ? INITIAL.get(sound) : undefined;
  return initial ?? SPELLINGS.get(sound) ?? sound;
}
