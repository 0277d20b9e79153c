import type { LanguageCode } from '@sotto/contracts';

/** Article 1 of the Universal Declaration of Human Rights, as two sentences; and espeak-ng's voice for it. */
export const ARTICLE_1: readonly { language: LanguageCode; voice: string; sentences: readonly [string, string] }[] = [
  {
    language: 'en',
    voice: 'en-us',
    sentences: [
      'All human beings are born free and equal in dignity and rights.',
      'They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.',
    ],
  },
  {
    language: 'de',
    voice: 'de',
    sentences: [
      'Alle Menschen sind frei und gleich an Würde und Rechten geboren.',
      'Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.',
    ],
  },
  {
    language: 'es',
    voice: 'es',
    sentences: [
      'Todos los seres humanos nacen libres e iguales en dignidad y derechos.',
      'Dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.',
    ],
  },
  {
    language: 'fr',
    voice: 'fr',
    sentences: [
      'Tous les êtres humains naissent libres et égaux en dignité et en droits.',
      'Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.',
    ],
  },
  {
    language: 'it',
    voice: 'it',
    sentences: [
      'Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.',
      'Essi sono dotati di ragione e di coscienza e devono agire gli uni verso gli altri in spirito di fratellanza.',
    ],
  },
  {
    language: 'pt',
    voice: 'pt',
    sentences: [
      'Todos os seres humanos nascem livres e iguais em dignidade e em direitos.',
      'Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade.',
    ],
  },
  {
    language: 'nl',
    voice: 'nl',
    sentences: [
      'Alle mensen worden vrij en gelijk in waardigheid en rechten geboren.',
      'Zij zijn begiftigd met verstand en geweten, en behoren zich jegens elkander in een geest van broederschap te gedragen.',
    ],
  },
  {
    language: 'sv',
    voice: 'sv',
    sentences: [
      'Alla människor är födda fria och lika i värde och rättigheter.',
      'De är utrustade med förnuft och samvete och bör handla gentemot varandra i en anda av broderskap.',
    ],
  },
  {
    language: 'da',
    voice: 'da',
    sentences: [
      'Alle mennesker er født frie og lige i værdighed og rettigheder.',
      'De er udstyret med fornuft og samvittighed, og de bør handle mod hverandre i en broderskabets ånd.',
    ],
  },
  {
    language: 'no',
    voice: 'nb',
    sentences: [
      'Alle mennesker er født frie og med samme menneskeverd og menneskerettigheter.',
      'De er utstyrt med fornuft og samvittighet og bør handle mot hverandre i brorskapets ånd.',
    ],
  },
  {
    language: 'pl',
    voice: 'pl',
    sentences: [
      'Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.',
      'Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.',
    ],
  },
  {
    language: 'cs',
    voice: 'cs',
    sentences: [
      'Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv.',
      'Jsou nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství.',
    ],
  },
  {
    language: 'ru',
    voice: 'ru',
    sentences: [
      'Все люди рождаются свободными и равными в своем достоинстве и правах.',
      'Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.',
    ],
  },
  {
    language: 'uk',
    voice: 'uk',
    sentences: [
      'Всі люди народжуються вільними і рівними у своїй гідності та правах.',
      'Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства.',
    ],
  },
  {
    language: 'hu',
    voice: 'hu',
    sentences: [
      'Minden emberi lény szabadon születik és egyenlő méltósága és joga van.',
      'Az emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek.',
    ],
  },
  {
    language: 'fi',
    voice: 'fi',
    sentences: [
      'Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan.',
      'Heille on annettu järki ja omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä.',
    ],
  },
  {
    language: 'tr',
    voice: 'tr',
    sentences: [
      'Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar.',
      'Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler.',
    ],
  },
  {
    language: 'ro',
    voice: 'ro',
    sentences: [
      'Toate ființele umane se nasc libere și egale în demnitate și în drepturi.',
      'Ele sunt înzestrate cu rațiune și conștiință și trebuie să se comporte unele față de altele în spiritul fraternității.',
    ],
  },
  {
    language: 'el',
    voice: 'el',
    sentences: [
      'Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.',
      'Είναι προικισμένοι με λογική και συνείδηση, και οφείλουν να συμπεριφέρονται μεταξύ τους με πνεύμα αδελφοσύνης.',
    ],
  },
  {
    language: 'id',
    voice: 'id',
    sentences: [
      'Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama.',
      'Mereka dikaruniai akal dan hati nurani dan hendaknya bergaul satu sama lain dalam semangat persaudaraan.',
    ],
  },
];
