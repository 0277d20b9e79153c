import { describe, expect, it } from '@jest/globals';
import { normalise } from './normalise.ts';
import { rulesFor } from './rules.ts';

/** What was written, and what is said. */
type Examples = readonly (readonly [written: string, said: string])[];

const EXAMPLES: Record<string, Examples> = {
  es: [
    ['Hay 1 gato y 21 perros, 5 mil €', 'Hay un gato y veintiún perros, cinco mil euros'],
    ['Cuesta 45,50 €.', 'Cuesta cuarenta y cinco euros con cincuenta céntimos.'],
    ['$1 y 21 €', 'un dólar y veintiún euros'],
    ['3 millones de €, 1,5 millones €', 'tres millones de €, uno coma cinco millones de euros'],
    ['el 10/08/2026', 'el diez de agosto de dos mil veintiséis'],
    ['el 1 de enero de 1984', 'el primero de enero de mil novecientos ochenta y cuatro'],
    ['a las 17:05', 'a las diecisiete y cinco'],
    ['el siglo XIX, Felipe II, Capítulo IV', 'el siglo diecinueve, Felipe segundo, Capítulo cuatro'],
    ['1.250.000 y 3,14 y -7', 'un millón doscientos cincuenta mil y tres coma catorce y menos siete'],
    ['2,5 kg a 10 km/h', 'dos coma cinco kilogramos a diez kilómetros por hora'],
    ['21 h, 75 %', 'veintiuna horas, setenta y cinco por ciento'],
    ['el 1.º y la 2.ª', 'el primero y la segunda'],
    ['El Sr. Pérez, EE.UU., etc.', 'El Señor Pérez, Estados Unidos, etcétera.'],
    ['612 345 678', 'seis uno dos, tres cuatro cinco, seis siete ocho'],
    ['3/4 y 5-10', 'tres cuartos y cinco a diez'],
    ['n.º 5, pág. 3', 'número cinco, página tres'],
    ['ana@ejemplo.es', 'ana arroba ejemplo punto es'],
  ],
  de: [
    ['Friedrich II. in der Bahnhofstr. 5', 'Friedrich der zweite in der Bahnhofstraße fünf'],
    ['1 Hund (+5 %)', 'ein Hund (plus fünf Prozent)'],
    ['Es kostet 45,50 €.', 'Es kostet fünfundvierzig Euro und fünfzig Cent.'],
    ['1 € und 1,5 Mio. Euro', 'ein Euro und eins Komma fünf Millionen Euro'],
    ['am 10.08.2026', 'am zehnten August zweitausendsechsundzwanzig'],
    ['5. Januar 1984', 'fünfter Januar neunzehnhundertvierundachtzig'],
    ['vom 3. Mai bis zum 4.6.', 'vom dritten Mai bis zum vierten Juni'],
    ['um 17:05 Uhr, um 9 Uhr', 'um siebzehn Uhr fünf, um neun Uhr'],
    ['die 1990er und die 80er', 'die neunzehnhundertneunziger und die achtziger'],
    ['Kapitel IV, Ludwig XIV', 'Kapitel vier, Ludwig der vierzehnte'],
    ['1.250.000 und 3,14', 'eine Million zweihundertfünfzigtausend und drei Komma eins vier'],
    ['2,5 kg bei 10 km/h', 'zwei Komma fünf Kilogramm bei zehn Kilometer pro Stunde'],
    ['1 h, 25 °C', 'eine Stunde, fünfundzwanzig Grad Celsius'],
    ['z.B. Dr. Müller usw.', 'zum Beispiel Doktor Müller und so weiter.'],
    ['der 3. Mann', 'der dritte Mann'],
    ['3/4, 1/2, 5–10', 'drei viertel, ein halb, fünf bis zehn'],
    ['Nr. 5, § 7', 'Nummer fünf, Paragraph sieben'],
    ['030/1234567', 'null drei null, eins zwei drei vier fünf sechs sieben'],
  ],
  fr: [
    ['Le 14 Vie', 'Le quatorze Vie'],
    ['Ça coûte 45,50 €.', 'Ça coûte quarante-cinq euros et cinquante centimes.'],
    ['1,5 million €', 'un virgule cinq millions d’euros'],
    ['le 10/08/2026', 'le dix août deux mille vingt-six'],
    ['le 1er janvier 1984', 'le premier janvier mille neuf cent quatre-vingt-quatre'],
    ['à 17h05, à 17:05, à 1 h', 'à dix-sept heures cinq, à dix-sept heures cinq, à une heure'],
    ['Louis XIV, chapitre IV, le XIXe siècle', 'Louis quatorze, chapitre quatre, le dix-neuvième siècle'],
    ['1 250 000 et 3,14', 'un million deux cent cinquante mille et trois virgule quatorze'],
    ['2,5 kg à 10 km/h', 'deux virgule cinq kilogrammes à dix kilomètres à l’heure'],
    ['la 1re et le 2e', 'la première et le deuxième'],
    ['M. Dupont et Mme Durand', 'Monsieur Dupont et Madame Durand'],
    ['3/4, 75 %', 'trois quarts, soixante-quinze pour cent'],
    ['01 23 45 67 89', 'zéro un, deux trois, quatre cinq, six sept, huit neuf'],
    ['n° 5, p. 3', 'numéro cinq, page trois'],
  ],
  pt: [
    [
      'R$ 5 mil, Tel. (11) 91234-5678',
      'cinco mil reais, telefone um um, nove um dois três quatro, cinco seis sete oito',
    ],
    ['Custa R$ 45,50.', 'Custa quarenta e cinco reais e cinquenta centavos.'],
    ['R$ 1,5 milhão', 'um vírgula cinco milhões de reais'],
    ['em 10/08/2026', 'em dez de agosto de dois mil e vinte e seis'],
    ['às 17:05', 'às dezessete e cinco'],
    ['o século XIX, Pedro II', 'o século dezenove, Pedro segundo'],
    ['2,5 kg a 10 km/h', 'dois vírgula cinco quilogramas a dez quilômetros por hora'],
    ['1.250.000 e 75%', 'um milhão duzentos e cinquenta mil e setenta e cinco por cento'],
    ['o 1º e a 2ª', 'o primeiro e a segunda'],
    ['O Sr. Silva etc.', 'O Senhor Silva etcétera.'],
    ['2 h e 3/4', 'duas horas e três quartos'],
  ],
  'pt-PT': [['16 e 17 e 19', 'dezasseis e dezassete e dezanove']],
  pl: [['Mam 21 lat, 3.14', 'Mam dwadzieścia jeden lat, 3.14']],
  sw: [['Nina 21', 'Nina 21']],
  it: [
    ['il dott. Rossi e la prof.ssa Bianchi', 'il dottor Rossi e la professoressa Bianchi'],
    ['Il 3° piano, 1 gatto', 'Il terzo piano, un gatto'],
    ['Costa 45,50 €.', 'Costa quarantacinque euro e cinquanta centesimi.'],
    ['1 € e 2 milioni €', 'un euro e due milioni di euro'],
    ['il 10/08/2026', 'il dieci agosto duemilaventisei'],
    ['alle 17:05, alle ore 9.30', 'alle diciassette e cinque, alle ore nove e trenta'],
    ['il XIX secolo, Luigi XIV, capitolo IV', 'il diciannovesimo secolo, Luigi quattordicesimo, capitolo quattro'],
    ['2,5 kg a 10 km/h', 'due virgola cinque chilogrammi a dieci chilometri all’ora'],
    ['il 1º e la 2ª', 'il primo e la seconda'],
    ['Il Sig. Rossi ecc.', 'Il Signor Rossi eccetera.'],
    ['3/4 e 75%', 'tre quarti e settantacinque per cento'],
    ['n. 5, pag. 3', 'numero cinque, pagina tre'],
  ],
};

describe.each(Object.entries(EXAMPLES))('%s', (language, examples) => {
  it.each(examples)('%s', (written, said) => {
    expect(normalise(written, rulesFor(language)).spoken).toBe(said);
  });
});
