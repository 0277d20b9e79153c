import { withPrefixes } from '../numbers/units.ts';
import type { Abbreviations, Currency, Noun, RomanWords, SignWords } from '../tongue.ts';
import { list } from './list.ts';

export const MONTHS = list('Januar Februar März April Mai Juni Juli August September Oktober November Dezember');

export const MONTH_ABBREVIATIONS = {
  jan: 1,
  feb: 2,
  mär: 3,
  apr: 4,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  sept: 9,
  okt: 10,
  nov: 11,
  dez: 12,
};

export const SIGNS: SignWords = {
  and: 'und',
  at: 'at',
  about: 'etwa',
  by: 'mal',
  dash: 'Bindestrich',
  degrees: 'Grad',
  dot: 'Punkt',
  hash: 'Hashtag',
  minus: 'minus',
  number: 'Nummer',
  per: 'pro',
  percent: 'Prozent',
  permille: 'Promille',
  plus: 'plus',
  point: 'Komma',
  section: 'Paragraph',
  slash: 'Schrägstrich',
  to: 'bis',
  underscore: 'Unterstrich',
  equals: 'gleich',
};

const CENT: Noun = ['Cent', 'Cent'];

export const CURRENCIES: Record<string, Currency> = {
  '€': { noun: ['Euro', 'Euro'], cent: CENT },
  EUR: { noun: ['Euro', 'Euro'], cent: CENT },
  Euro: { noun: ['Euro', 'Euro'], cent: CENT },
  $: { noun: ['Dollar', 'Dollar'], cent: CENT },
  USD: { noun: ['US-Dollar', 'US-Dollar'], cent: CENT },
  '£': { noun: ['Pfund', 'Pfund', 'n'], cent: ['Penny', 'Pence'] },
  '¥': { noun: ['Yen', 'Yen'], cent: null },
  CHF: { noun: ['Franken', 'Franken'], cent: ['Rappen', 'Rappen'] },
};

export const MAGNITUDES: Record<string, Noun> = {
  Tsd: ['Tausend', 'Tausend', 'n'],
  'Tsd.': ['Tausend', 'Tausend', 'n'],
  Mio: ['Million', 'Millionen', 'f'],
  'Mio.': ['Million', 'Millionen', 'f'],
  Million: ['Million', 'Millionen', 'f'],
  Millionen: ['Million', 'Millionen', 'f'],
  Mrd: ['Milliarde', 'Milliarden', 'f'],
  'Mrd.': ['Milliarde', 'Milliarden', 'f'],
  Milliarde: ['Milliarde', 'Milliarden', 'f'],
  Milliarden: ['Milliarde', 'Milliarden', 'f'],
};

const PREFIXES = {
  k: 'kilo',
  h: 'hekto',
  d: 'dezi',
  c: 'zenti',
  m: 'milli',
  µ: 'mikro',
  n: 'nano',
  M: 'mega',
  G: 'giga',
  T: 'tera',
};

export const UNITS: Record<string, Noun> = {
  ...withPrefixes(PREFIXES, {
    m: ['Meter', 'Meter'],
    g: ['Gramm', 'Gramm'],
    l: ['Liter', 'Liter'],
    s: ['Sekunde', 'Sekunden', 'f'],
    W: ['Watt', 'Watt'],
    Wh: ['Wattstunde', 'Wattstunden', 'f'],
    Hz: ['Hertz', 'Hertz'],
    V: ['Volt', 'Volt'],
    A: ['Ampere', 'Ampere'],
    B: ['Byte', 'Byte'],
    bit: ['Bit', 'Bit'],
    Pa: ['Pascal', 'Pascal'],
    J: ['Joule', 'Joule'],
    cal: ['Kalorie', 'Kalorien', 'f'],
  }),
  min: ['Minute', 'Minuten', 'f'],
  'Min.': ['Minute', 'Minuten', 'f'],
  h: ['Stunde', 'Stunden', 'f'],
  'Std.': ['Stunde', 'Stunden', 'f'],
  t: ['Tonne', 'Tonnen', 'f'],
  ha: ['Hektar', 'Hektar'],
  Uhr: ['Uhr', 'Uhr', 'm'],
  'm²': ['Quadratmeter', 'Quadratmeter'],
  'km²': ['Quadratkilometer', 'Quadratkilometer'],
  'm³': ['Kubikmeter', 'Kubikmeter'],
  dB: ['Dezibel', 'Dezibel'],
  px: ['Pixel', 'Pixel'],
  PS: ['PS', 'PS'],
  'km/h': ['Kilometer pro Stunde', 'Kilometer pro Stunde'],
  '°': ['Grad', 'Grad'],
  '°C': ['Grad Celsius', 'Grad Celsius'],
  '°F': ['Grad Fahrenheit', 'Grad Fahrenheit'],
  '%': ['Prozent', 'Prozent'],
  '‰': ['Promille', 'Promille'],
};

export const ABBREVIATIONS: Abbreviations = {
  before: {
    'Dr.': 'Doktor',
    'Prof.': 'Professor',
    'Hr.': 'Herr',
    'Fr.': 'Frau',
    'St.': 'Sankt',
    'z.B.': 'zum Beispiel',
    'z. B.': 'zum Beispiel',
    'd.h.': 'das heißt',
    'd. h.': 'das heißt',
    'u.a.': 'unter anderem',
    'u. a.': 'unter anderem',
    'bzw.': 'beziehungsweise',
    'ca.': 'circa',
    'vgl.': 'vergleiche',
    'evtl.': 'eventuell',
    'ggf.': 'gegebenenfalls',
    'inkl.': 'inklusive',
    'zzgl.': 'zuzüglich',
    'i.d.R.': 'in der Regel',
    'sog.': 'sogenannte',
    'geb.': 'geboren',
  },
  ending: { 'usw.': 'und so weiter', 'etc.': 'et cetera', 'Str.': 'Straße', 'str.': 'straße', 'Jh.': 'Jahrhundert' },
  beforeNumber: {
    'Nr.': 'Nummer',
    'S.': 'Seite',
    'Bd.': 'Band',
    'Kap.': 'Kapitel',
    'Abb.': 'Abbildung',
    'Abs.': 'Absatz',
    'Art.': 'Artikel',
    'Tel.': 'Telefon',
    'max.': 'maximal',
    'min.': 'mindestens',
    'mind.': 'mindestens',
  },
};

export const ROMAN: Omit<RomanWords, 'ofName'> = {
  counting: list('kapitel teil band buch akt szene weltkrieg abschnitt artikel klasse stufe'),
  names: list(`
    Heinrich Ludwig Karl Friedrich Wilhelm Otto Elisabeth Georg Eduard Philipp Peter Katharina Nikolaus
    Alexander Napoleon Pius Paul Benedikt Leo Franz Joseph Leopold Maximilian Rudolf Ferdinand Charles
    Johannes Gustav Christian Rama Ramses
  `),
};

export const EMOJI: Record<string, string> = {
  '😀': 'lachendes Gesicht',
  '😂': 'Freudentränen',
  '😊': 'lächelndes Gesicht',
  '🙂': 'leichtes Lächeln',
  '😉': 'Zwinkern',
  '😍': 'verliebtes Gesicht',
  '🤔': 'nachdenkliches Gesicht',
  '😢': 'weinendes Gesicht',
  '😡': 'wütendes Gesicht',
  '👍': 'Daumen hoch',
  '👎': 'Daumen runter',
  '👏': 'Applaus',
  '🙏': 'gefaltete Hände',
  '❤': 'Herz',
  '🔥': 'Feuer',
  '🎉': 'Konfetti',
  '🚀': 'Rakete',
  '✅': 'Häkchen',
  '❌': 'Kreuz',
  '⚠': 'Achtung',
};
