import { withPrefixes } from '../numbers/units.ts';
import type { Abbreviations, Currency, Noun, RomanWords, SignWords } from '../tongue.ts';
import { list } from './list.ts';

export const MONTHS = list('janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro');

export const MONTH_ABBREVIATIONS = {
  jan: 1,
  fev: 2,
  mar: 3,
  abr: 4,
  mai: 5,
  jun: 6,
  jul: 7,
  ago: 8,
  set: 9,
  out: 10,
  nov: 11,
  dez: 12,
};

export const SIGNS: SignWords = {
  and: 'e',
  at: 'arroba',
  about: 'cerca de',
  by: 'por',
  dash: 'hífen',
  degrees: 'graus',
  dot: 'ponto',
  hash: 'hashtag',
  minus: 'menos',
  number: 'número',
  per: 'por',
  percent: 'por cento',
  permille: 'por mil',
  plus: 'mais',
  point: 'vírgula',
  section: 'seção',
  slash: 'barra',
  to: 'a',
  underscore: 'sublinhado',
  equals: 'igual a',
};

const CENT: Noun = ['centavo', 'centavos'];
const EURO_CENT: Noun = ['cêntimo', 'cêntimos'];

export const CURRENCIES: Record<string, Currency> = {
  R$: { noun: ['real', 'reais'], cent: CENT },
  BRL: { noun: ['real', 'reais'], cent: CENT },
  '€': { noun: ['euro', 'euros'], cent: EURO_CENT },
  EUR: { noun: ['euro', 'euros'], cent: EURO_CENT },
  $: { noun: ['dólar', 'dólares'], cent: CENT },
  US$: { noun: ['dólar', 'dólares'], cent: CENT },
  USD: { noun: ['dólar', 'dólares'], cent: CENT },
  '£': { noun: ['libra', 'libras', 'f'], cent: ['péni', 'pence'] },
  '¥': { noun: ['iene', 'ienes'], cent: null },
};

export const MAGNITUDES: Record<string, Noun> = {
  mil: ['mil', 'mil'],
  milhão: ['milhão', 'milhões'],
  milhões: ['milhão', 'milhões'],
  bilhão: ['bilhão', 'bilhões'],
  bilhões: ['bilhão', 'bilhões'],
  mi: ['milhão', 'milhões'],
  bi: ['bilhão', 'bilhões'],
};

const PREFIXES = {
  k: 'quilo',
  h: 'hecto',
  d: 'deci',
  c: 'centi',
  m: 'mili',
  µ: 'micro',
  n: 'nano',
  M: 'mega',
  G: 'giga',
  T: 'tera',
};

export const UNITS: Record<string, Noun> = {
  ...withPrefixes(PREFIXES, {
    m: ['metro', 'metros'],
    g: ['grama', 'gramas'],
    l: ['litro', 'litros'],
    s: ['segundo', 'segundos'],
    W: ['watt', 'watts'],
    Wh: ['watt-hora', 'watts-hora'],
    Hz: ['hertz', 'hertz'],
    V: ['volt', 'volts'],
    A: ['ampere', 'amperes'],
    B: ['byte', 'bytes'],
    bit: ['bit', 'bits'],
    cal: ['caloria', 'calorias', 'f'],
  }),
  km: ['quilômetro', 'quilômetros'],
  cm: ['centímetro', 'centímetros'],
  mm: ['milímetro', 'milímetros'],
  min: ['minuto', 'minutos'],
  h: ['hora', 'horas', 'f'],
  t: ['tonelada', 'toneladas', 'f'],
  ha: ['hectare', 'hectares'],
  'm²': ['metro quadrado', 'metros quadrados'],
  'km²': ['quilômetro quadrado', 'quilômetros quadrados'],
  'm³': ['metro cúbico', 'metros cúbicos'],
  dB: ['decibel', 'decibéis'],
  px: ['pixel', 'pixels'],
  '°': ['grau', 'graus'],
  '°C': ['grau Celsius', 'graus Celsius'],
  ºC: ['grau Celsius', 'graus Celsius'],
  '°F': ['grau Fahrenheit', 'graus Fahrenheit'],
  '%': ['por cento', 'por cento'],
  '‰': ['por mil', 'por mil'],
};

export const ABBREVIATIONS: Abbreviations = {
  before: {
    'Sr.': 'Senhor',
    'Sra.': 'Senhora',
    'Srta.': 'Senhorita',
    'Dr.': 'Doutor',
    'Dra.': 'Doutora',
    'dr.': 'doutor',
    'dra.': 'doutora',
    'sr.': 'senhor',
    'sra.': 'senhora',
    'Prof.': 'Professor',
    'Profa.': 'Professora',
    'Sto.': 'Santo',
    'Sta.': 'Santa',
    'D.': 'Dom',
    'p. ex.': 'por exemplo',
    'p.ex.': 'por exemplo',
    'aprox.': 'aproximadamente',
    'Av.': 'Avenida',
  },
  ending: {
    'etc.': 'etcétera',
    'a.C.': 'antes de Cristo',
    'd.C.': 'depois de Cristo',
    'S.A.': 'sociedade anônima',
    'Ltda.': 'limitada',
    'EUA.': 'Estados Unidos',
  },
  beforeNumber: {
    nº: 'número',
    'n.º': 'número',
    'n°': 'número',
    'N.º': 'número',
    'pág.': 'página',
    'págs.': 'páginas',
    'p.': 'página',
    'cap.': 'capítulo',
    'vol.': 'volume',
    'art.': 'artigo',
    'fig.': 'figura',
    'tel.': 'telefone',
    'máx.': 'máximo',
    'mín.': 'mínimo',
  },
};

export const ROMAN: Omit<RomanWords, 'ofName'> = {
  counting: list('capítulo parte tomo volume livro ato cena século seção artigo título mundial fase'),
  names: list(`
    Pedro João Manuel Afonso Sancho Dinis Fernando Duarte Filipe Luís Carlos Maria José Henrique Isabel
    Elizabeth Jorge Eduardo Paulo Pio Bento Leão Francisco Gregório Napoleão Catarina Nicolau Alexandre
    Guilherme Ricardo Frederico
  `),
};

export const EMOJI: Record<string, string> = {
  '😀': 'rosto sorridente',
  '😂': 'chorando de rir',
  '😊': 'rosto feliz',
  '🙂': 'sorriso',
  '😉': 'piscadela',
  '😍': 'rosto apaixonado',
  '🤔': 'rosto pensativo',
  '😢': 'rosto chorando',
  '😡': 'rosto zangado',
  '👍': 'polegar para cima',
  '👎': 'polegar para baixo',
  '👏': 'aplausos',
  '🙏': 'mãos juntas',
  '❤': 'coração',
  '🔥': 'fogo',
  '🎉': 'confete',
  '🚀': 'foguete',
  '✅': 'marca de verificação',
  '❌': 'xis',
  '⚠': 'aviso',
};
