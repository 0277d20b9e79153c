import { withPrefixes } from '../numbers/units.ts';
import type { Abbreviations, Currency, Noun, RomanWords, SignWords } from '../tongue.ts';
import { list } from './list.ts';

export const MONTHS = list(
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
);

export const MONTH_ABBREVIATIONS = {
  gen: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  mag: 5,
  giu: 6,
  lug: 7,
  ago: 8,
  set: 9,
  ott: 10,
  nov: 11,
  dic: 12,
};

export const SIGNS: SignWords = {
  and: 'e',
  at: 'chiocciola',
  about: 'circa',
  by: 'per',
  dash: 'trattino',
  degrees: 'gradi',
  dot: 'punto',
  hash: 'hashtag',
  minus: 'meno',
  number: 'numero',
  per: 'al',
  percent: 'per cento',
  permille: 'per mille',
  plus: 'più',
  point: 'virgola',
  section: 'paragrafo',
  slash: 'barra',
  to: 'a',
  underscore: 'trattino basso',
  equals: 'uguale a',
};

const CENT: Noun = ['centesimo', 'centesimi'];

export const CURRENCIES: Record<string, Currency> = {
  '€': { noun: ['euro', 'euro'], cent: CENT },
  EUR: { noun: ['euro', 'euro'], cent: CENT },
  $: { noun: ['dollaro', 'dollari'], cent: CENT },
  USD: { noun: ['dollaro', 'dollari'], cent: CENT },
  '£': { noun: ['sterlina', 'sterline', 'f'], cent: ['penny', 'pence'] },
  '¥': { noun: ['yen', 'yen'], cent: null },
  CHF: { noun: ['franco svizzero', 'franchi svizzeri'], cent: CENT },
};

export const MAGNITUDES: Record<string, Noun> = {
  mila: ['mila', 'mila'],
  milione: ['milione', 'milioni'],
  milioni: ['milione', 'milioni'],
  mln: ['milione', 'milioni'],
  miliardo: ['miliardo', 'miliardi'],
  miliardi: ['miliardo', 'miliardi'],
  mld: ['miliardo', 'miliardi'],
};

const PREFIXES = {
  k: 'chilo',
  h: 'etto',
  d: 'deci',
  c: 'centi',
  m: 'milli',
  µ: 'micro',
  n: 'nano',
  M: 'mega',
  G: 'giga',
  T: 'tera',
};

export const UNITS: Record<string, Noun> = {
  ...withPrefixes(PREFIXES, {
    m: ['metro', 'metri'],
    g: ['grammo', 'grammi'],
    l: ['litro', 'litri'],
    s: ['secondo', 'secondi'],
    W: ['watt', 'watt'],
    Wh: ['wattora', 'wattora'],
    Hz: ['hertz', 'hertz'],
    V: ['volt', 'volt'],
    A: ['ampere', 'ampere'],
    B: ['byte', 'byte'],
    bit: ['bit', 'bit'],
    cal: ['caloria', 'calorie', 'f'],
  }),
  km: ['chilometro', 'chilometri'],
  min: ['minuto', 'minuti'],
  h: ['ora', 'ore', 'f'],
  t: ['tonnellata', 'tonnellate', 'f'],
  ha: ['ettaro', 'ettari'],
  'm²': ['metro quadrato', 'metri quadrati'],
  'km²': ['chilometro quadrato', 'chilometri quadrati'],
  'm³': ['metro cubo', 'metri cubi'],
  'km/h': ['chilometro all’ora', 'chilometri all’ora'],
  dB: ['decibel', 'decibel'],
  px: ['pixel', 'pixel'],
  '°': ['grado', 'gradi'],
  '°C': ['grado Celsius', 'gradi Celsius'],
  '°F': ['grado Fahrenheit', 'gradi Fahrenheit'],
  '%': ['per cento', 'per cento'],
  '‰': ['per mille', 'per mille'],
};

export const ABBREVIATIONS: Abbreviations = {
  before: {
    'Sig.': 'Signor',
    'Sig.ra': 'Signora',
    'Dott.': 'Dottor',
    'Dott.ssa': 'Dottoressa',
    'Dr.': 'Dottor',
    'Prof.': 'Professor',
    'Prof.ssa': 'Professoressa',
    'Avv.': 'Avvocato',
    'Ing.': 'Ingegner',
    'sig.': 'signor',
    'sig.ra': 'signora',
    'dott.': 'dottor',
    'dott.ssa': 'dottoressa',
    'prof.': 'professor',
    'prof.ssa': 'professoressa',
    'avv.': 'avvocato',
    'ing.': 'ingegner',
    'p. es.': 'per esempio',
    'p.es.': 'per esempio',
    'ad es.': 'ad esempio',
    'ca.': 'circa',
    'cfr.': 'confronta',
    'P.zza': 'Piazza',
  },
  ending: { 'ecc.': 'eccetera', 'etc.': 'eccetera', 'a.C.': 'avanti Cristo', 'd.C.': 'dopo Cristo', 'S.p.A.': 'S P A' },
  beforeNumber: {
    'n.': 'numero',
    'n°': 'numero',
    nº: 'numero',
    'N.': 'numero',
    'p.': 'pagina',
    'pag.': 'pagina',
    'pagg.': 'pagine',
    'cap.': 'capitolo',
    'vol.': 'volume',
    'art.': 'articolo',
    'fig.': 'figura',
    'tel.': 'telefono',
    'max.': 'massimo',
    'min.': 'minimo',
  },
};

export const ROMAN: Omit<RomanWords, 'ofName'> = {
  counting: list('capitolo parte tomo volume libro atto scena sezione articolo titolo mondiale fase canto'),
  names: list(`
    Luigi Enrico Carlo Vittorio Emanuele Umberto Elisabetta Giorgio Edoardo Filippo Pietro Caterina
    Nicola Alessandro Napoleone Pio Paolo Benedetto Leone Francesco Gregorio Giovanni Federico Ottone
    Giacomo Guglielmo Riccardo Ferdinando Bonifacio Innocenzo Clemente Urbano
  `),
};

export const EMOJI: Record<string, string> = {
  '😀': 'faccina sorridente',
  '😂': 'lacrime di gioia',
  '😊': 'faccina felice',
  '🙂': 'sorriso',
  '😉': 'occhiolino',
  '😍': 'faccina innamorata',
  '🤔': 'faccina pensierosa',
  '😢': 'faccina che piange',
  '😡': 'faccina arrabbiata',
  '👍': 'pollice in su',
  '👎': 'pollice in giù',
  '👏': 'applausi',
  '🙏': 'mani giunte',
  '❤': 'cuore',
  '🔥': 'fuoco',
  '🎉': 'festa',
  '🚀': 'razzo',
  '✅': 'segno di spunta',
  '❌': 'croce',
  '⚠': 'attenzione',
};
