/** How English spells a sound when it wants to be understood: IPA, the longest first. */
const SOUNDS: readonly (readonly [ipa: string, spelling: string])[] = [
  ['tʃ', 'ch'],
  ['dʒ', 'j'],
  ['aɪ', 'eye'],
  ['eɪ', 'ay'],
  ['ɔɪ', 'oy'],
  ['aʊ', 'ow'],
  ['oʊ', 'oh'],
  ['əʊ', 'oh'],
  ['ɪə', 'eer'],
  ['eə', 'air'],
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
const SOUND = new RegExp(`${SOUNDS.map(([ipa]) => ipa).join('|')}|\\p{Ll}|[. -]`, 'gu');

/**
 * Sounds as English would spell them, since no engine here takes phonemes in a text.
 *
 * @param ipa stress and length are left out
 * @returns null: the language spells differently, or nothing is left
 */
export function respelled(ipa: string, language: string): string | null {
  if (!/^en\b/i.test(language)) return null;
  const parts = ipa.replace(/[ˈˌ'|]/g, '').match(SOUND) ?? [];
  const spelling = parts.map((sound) => SPELLINGS.get(sound) ?? sound.replace('.', '-')).join('');
  return /\p{L}/u.test(spelling) ? spelling : null;
}
