/** Languages, each with its code of three letters (ISO 639-2/T), which is the one that MP4 knows: those that can be heard here. */
const CODES = [
  'en eng zh zho de deu es spa ru rus ko kor fr fra ja jpn pt por tr tur pl pol ca cat nl nld ar ara sv swe it ita id ind',
  'hi hin fi fin vi vie he heb uk ukr el ell ms msa cs ces ro ron da dan hu hun ta tam no nor th tha ur urd hr hrv bg bul',
  'lt lit la lat mi mri ml mal cy cym sk slk te tel fa fas lv lav bn ben sr srp az aze sl slv kn kan et est mk mkd br bre',
  'eu eus is isl hy hye ne nep mn mon bs bos kk kaz sq sqi sw swa gl glg mr mar pa pan si sin km khm sn sna yo yor so som',
  'af afr oc oci ka kat be bel tg tgk sd snd gu guj am amh yi yid lo lao uz uzb fo fao ht hat ps pus tk tuk nn nno mt mlt',
  'sa san lb ltz my mya bo bod tl tgl mg mlg as asm tt tat ln lin ha hau ba bak jw jav jv jav su sun',
];

/** Of a language that is not known. */
const UNKNOWN = 'und';

const pairs = CODES.join(' ').split(' ');
const THREE_LETTERS = new Map(
  pairs.flatMap((code, at) => (at % 2 === 0 ? [[code, pairs[at + 1] ?? UNKNOWN] as const] : [])),
);

/** @param tag BCP 47; null: not known */
export function iso639of(tag: string | null): string {
  const [base = ''] = (tag ?? '').toLowerCase().split(/[-_]/);
  return THREE_LETTERS.get(base) ?? (/^[a-z]{3}$/.test(base) ? base : UNKNOWN);
}
