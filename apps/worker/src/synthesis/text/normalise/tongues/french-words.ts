import { withPrefixes } from '../numbers/units.ts';
import type { Abbreviations, Currency, Noun, RomanWords, SignWords } from '../tongue.ts';
import { list } from './list.ts';

export const MONTHS = list('janvier février mars avril mai juin juillet août septembre octobre novembre décembre');

export const MONTH_ABBREVIATIONS = { janv: 1, févr: 2, avr: 4, juil: 7, sept: 9, oct: 10, nov: 11, déc: 12 };

export const SIGNS: SignWords = {
  and: 'et',
  at: 'arobase',
  about: 'environ',
  by: 'par',
  dash: 'tiret',
  degrees: 'degrés',
  dot: 'point',
  hash: 'hashtag',
  minus: 'moins',
  number: 'numéro',
  per: 'par',
  percent: 'pour cent',
  permille: 'pour mille',
  plus: 'plus',
  point: 'virgule',
  section: 'paragraphe',
  slash: 'barre oblique',
  to: 'à',
  underscore: 'tiret bas',
  equals: 'égale',
};

const CENT: Noun = ['centime', 'centimes'];

export const CURRENCIES: Record<string, Currency> = {
  '€': { noun: ['euro', 'euros'], cent: CENT },
  EUR: { noun: ['euro', 'euros'], cent: CENT },
  $: { noun: ['dollar', 'dollars'], cent: ['cent', 'cents'] },
  USD: { noun: ['dollar', 'dollars'], cent: ['cent', 'cents'] },
  '£': { noun: ['livre', 'livres', 'f'], cent: ['penny', 'pence'] },
  '¥': { noun: ['yen', 'yens'], cent: null },
  CHF: { noun: ['franc suisse', 'francs suisses'], cent: CENT },
};

export const MAGNITUDES: Record<string, Noun> = {
  million: ['million', 'millions'],
  millions: ['million', 'millions'],
  M: ['million', 'millions'],
  milliard: ['milliard', 'milliards'],
  milliards: ['milliard', 'milliards'],
  Md: ['milliard', 'milliards'],
};

const PREFIXES = {
  k: 'kilo',
  h: 'hecto',
  d: 'déci',
  c: 'centi',
  m: 'milli',
  µ: 'micro',
  n: 'nano',
  M: 'méga',
  G: 'giga',
  T: 'téra',
};

export const UNITS: Record<string, Noun> = {
  ...withPrefixes(PREFIXES, {
    m: ['mètre', 'mètres'],
    g: ['gramme', 'grammes'],
    l: ['litre', 'litres'],
    s: ['seconde', 'secondes', 'f'],
    W: ['watt', 'watts'],
    Wh: ['wattheure', 'wattheures'],
    Hz: ['hertz', 'hertz'],
    V: ['volt', 'volts'],
    A: ['ampère', 'ampères'],
    B: ['byte', 'bytes'],
    bit: ['bit', 'bits'],
    cal: ['calorie', 'calories', 'f'],
  }),
  o: ['octet', 'octets'],
  ko: ['kilooctet', 'kilooctets'],
  Mo: ['mégaoctet', 'mégaoctets'],
  Go: ['gigaoctet', 'gigaoctets'],
  To: ['téraoctet', 'téraoctets'],
  min: ['minute', 'minutes', 'f'],
  h: ['heure', 'heures', 'f'],
  t: ['tonne', 'tonnes', 'f'],
  ha: ['hectare', 'hectares'],
  'm²': ['mètre carré', 'mètres carrés'],
  'km²': ['kilomètre carré', 'kilomètres carrés'],
  'm³': ['mètre cube', 'mètres cubes'],
  'km/h': ['kilomètre à l’heure', 'kilomètres à l’heure'],
  dB: ['décibel', 'décibels'],
  px: ['pixel', 'pixels'],
  '°': ['degré', 'degrés'],
  '°C': ['degré Celsius', 'degrés Celsius'],
  '°F': ['degré Fahrenheit', 'degrés Fahrenheit'],
  '%': ['pour cent', 'pour cent'],
  '‰': ['pour mille', 'pour mille'],
};

export const ABBREVIATIONS: Abbreviations = {
  before: {
    'M.': 'Monsieur',
    'MM.': 'Messieurs',
    Mme: 'Madame',
    Mmes: 'Mesdames',
    Mlle: 'Mademoiselle',
    Dr: 'Docteur',
    'Dr.': 'Docteur',
    Pr: 'Professeur',
    St: 'Saint',
    Ste: 'Sainte',
    'p. ex.': 'par exemple',
    'p.ex.': 'par exemple',
    'c.-à-d.': 'c’est-à-dire',
    'env.': 'environ',
    'cf.': 'confer',
    'av.': 'avenue',
    'bd.': 'boulevard',
  },
  ending: {
    'etc.': 'et cetera',
    'av. J.-C.': 'avant Jésus-Christ',
    'apr. J.-C.': 'après Jésus-Christ',
    'S.A.': 'société anonyme',
  },
  beforeNumber: {
    'n°': 'numéro',
    nº: 'numéro',
    'N°': 'numéro',
    'p.': 'page',
    'pp.': 'pages',
    'chap.': 'chapitre',
    'vol.': 'volume',
    'art.': 'article',
    'fig.': 'figure',
    'tél.': 'téléphone',
    'max.': 'maximum',
    'min.': 'minimum',
  },
};

export const ROMAN: Omit<RomanWords, 'ofName'> = {
  counting: list('chapitre partie tome volume livre acte scène section article titre mondiale phase'),
  names: list(`
    Louis Henri Charles François Philippe Napoléon Élisabeth Elizabeth Georges George Édouard Guillaume
    Richard Pierre Catherine Nicolas Alexandre Pie Paul Benoît Léon Grégoire Jean Jacques Frédéric
    Léopold Albert Baudouin Ramsès Mohammed Hassan
  `),
};

export const EMOJI: Record<string, string> = {
  '😀': 'visage souriant',
  '😂': 'larmes de joie',
  '😊': 'visage heureux',
  '🙂': 'sourire',
  '😉': 'clin d’œil',
  '😍': 'visage amoureux',
  '🤔': 'visage pensif',
  '😢': 'visage en pleurs',
  '😡': 'visage en colère',
  '👍': 'pouce levé',
  '👎': 'pouce baissé',
  '👏': 'applaudissements',
  '🙏': 'mains jointes',
  '❤': 'cœur',
  '🔥': 'feu',
  '🎉': 'cotillons',
  '🚀': 'fusée',
  '✅': 'coche',
  '❌': 'croix',
  '⚠': 'attention',
};
