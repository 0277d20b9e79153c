import { withPrefixes } from '../numbers/units.ts';
import type { Abbreviations, Currency, Noun, RomanWords, SignWords } from '../tongue.ts';
import { list } from './list.ts';

export const MONTHS = list('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre');

export const MONTH_ABBREVIATIONS = {
  ene: 1,
  feb: 2,
  mar: 3,
  abr: 4,
  jun: 6,
  jul: 7,
  ago: 8,
  sept: 9,
  sep: 9,
  oct: 10,
  nov: 11,
  dic: 12,
};

export const SIGNS: SignWords = {
  and: 'y',
  andCents: 'con',
  at: 'arroba',
  about: 'unos',
  by: 'por',
  dash: 'guion',
  degrees: 'grados',
  dot: 'punto',
  hash: 'almohadilla',
  minus: 'menos',
  number: 'número',
  per: 'por',
  percent: 'por ciento',
  permille: 'por mil',
  plus: 'más',
  point: 'coma',
  section: 'sección',
  slash: 'barra',
  to: 'a',
  underscore: 'guion bajo',
  equals: 'igual a',
};

const CENT: Noun = ['céntimo', 'céntimos'];
const CENTAVO: Noun = ['centavo', 'centavos'];

export const CURRENCIES: Record<string, Currency> = {
  '€': { noun: ['euro', 'euros'], cent: CENT },
  EUR: { noun: ['euro', 'euros'], cent: CENT },
  $: { noun: ['dólar', 'dólares'], cent: CENTAVO },
  USD: { noun: ['dólar', 'dólares'], cent: CENTAVO },
  US$: { noun: ['dólar', 'dólares'], cent: CENTAVO },
  MXN: { noun: ['peso', 'pesos'], cent: CENTAVO },
  '£': { noun: ['libra', 'libras', 'f'], cent: ['penique', 'peniques'] },
  '¥': { noun: ['yen', 'yenes'], cent: null },
};

export const MAGNITUDES: Record<string, Noun> = {
  mil: ['mil', 'mil'],
  millón: ['millón', 'millones'],
  millones: ['millón', 'millones'],
  M: ['millón', 'millones'],
  'mil millones': ['mil millones', 'mil millones'],
  billones: ['billón', 'billones'],
};

const PREFIXES = {
  k: 'kilo',
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
    g: ['gramo', 'gramos'],
    l: ['litro', 'litros'],
    s: ['segundo', 'segundos'],
    W: ['vatio', 'vatios'],
    Wh: ['vatio hora', 'vatios hora'],
    Hz: ['hercio', 'hercios'],
    V: ['voltio', 'voltios'],
    A: ['amperio', 'amperios'],
    B: ['byte', 'bytes'],
    bit: ['bit', 'bits'],
    cal: ['caloría', 'calorías', 'f'],
  }),
  km: ['kilómetro', 'kilómetros'],
  cm: ['centímetro', 'centímetros'],
  mm: ['milímetro', 'milímetros'],
  µm: ['micrómetro', 'micrómetros'],
  nm: ['nanómetro', 'nanómetros'],
  min: ['minuto', 'minutos'],
  h: ['hora', 'horas', 'f'],
  t: ['tonelada', 'toneladas', 'f'],
  ha: ['hectárea', 'hectáreas', 'f'],
  'm²': ['metro cuadrado', 'metros cuadrados'],
  'km²': ['kilómetro cuadrado', 'kilómetros cuadrados'],
  'm³': ['metro cúbico', 'metros cúbicos'],
  dB: ['decibelio', 'decibelios'],
  px: ['píxel', 'píxeles'],
  '°': ['grado', 'grados'],
  '°C': ['grado Celsius', 'grados Celsius'],
  ºC: ['grado Celsius', 'grados Celsius'],
  '°F': ['grado Fahrenheit', 'grados Fahrenheit'],
  '%': ['por ciento', 'por ciento'],
  '‰': ['por mil', 'por mil'],
};

export const ABBREVIATIONS: Abbreviations = {
  before: {
    'Sr.': 'Señor',
    'Sra.': 'Señora',
    'Srta.': 'Señorita',
    'Dr.': 'Doctor',
    'Dra.': 'Doctora',
    'D.': 'Don',
    'Prof.': 'Profesor',
    'sr.': 'señor',
    'sra.': 'señora',
    'srta.': 'señorita',
    'dr.': 'doctor',
    'dra.': 'doctora',
    'Sto.': 'Santo',
    'Sta.': 'Santa',
    'Ud.': 'usted',
    'Uds.': 'ustedes',
    'p. ej.': 'por ejemplo',
    'p.ej.': 'por ejemplo',
    'aprox.': 'aproximadamente',
    'Avda.': 'Avenida',
    'Av.': 'Avenida',
    'C/': 'calle',
  },
  ending: {
    'etc.': 'etcétera',
    'EE.UU.': 'Estados Unidos',
    'EE. UU.': 'Estados Unidos',
    'a. C.': 'antes de Cristo',
    'a.C.': 'antes de Cristo',
    'd. C.': 'después de Cristo',
    'd.C.': 'después de Cristo',
    'a.m.': 'de la mañana',
    'p.m.': 'de la tarde',
    'S.A.': 'sociedad anónima',
  },
  beforeNumber: {
    'núm.': 'número',
    'n.º': 'número',
    nº: 'número',
    'N.º': 'número',
    'pág.': 'página',
    'págs.': 'páginas',
    'cap.': 'capítulo',
    'vol.': 'volumen',
    'art.': 'artículo',
    'fig.': 'figura',
    'tel.': 'teléfono',
    'máx.': 'máximo',
    'mín.': 'mínimo',
  },
};

export const ROMAN: Omit<RomanWords, 'ofName'> = {
  counting: list('capítulo parte tomo volumen libro acto escena siglo sección artículo título mundial fase'),
  names: list(`
    Felipe Carlos Alfonso Fernando Juan Pablo Enrique Luis Isabel Jorge Eduardo Pedro Jaime Sancho
    Ramiro Pío Benedicto León Francisco Gregorio Napoleón Catalina Nicolás Alejandro Guillermo Ricardo
    Federico Ramsés Amadeo José
  `),
};

export const EMOJI: Record<string, string> = {
  '😀': 'cara sonriente',
  '😂': 'llorando de risa',
  '😊': 'cara feliz',
  '🙂': 'sonrisa',
  '😉': 'guiño',
  '😍': 'cara enamorada',
  '🤔': 'cara pensativa',
  '😢': 'cara llorando',
  '😡': 'cara enfadada',
  '👍': 'pulgar arriba',
  '👎': 'pulgar abajo',
  '👏': 'aplausos',
  '🙏': 'manos juntas',
  '❤': 'corazón',
  '🔥': 'fuego',
  '🎉': 'confeti',
  '🚀': 'cohete',
  '✅': 'marca de verificación',
  '❌': 'cruz',
  '⚠': 'advertencia',
};
