/** What a voice says so that somebody can choose it, by language. */
const SENTENCES: Readonly<Record<string, string>> = {
  cs: 'Takhle zní tento hlas, když vám čte.',
  da: 'Sådan lyder denne stemme, når den læser op.',
  de: 'So klingt diese Stimme, wenn sie etwas vorliest.',
  el: 'Έτσι ακούγεται αυτή η φωνή όταν διαβάζει.',
  en: 'This is how this voice sounds when it reads to you.',
  es: 'Así suena esta voz cuando le lee algo.',
  fi: 'Tältä tämä ääni kuulostaa, kun se lukee.',
  fr: 'Voici comment cette voix lit un texte.',
  hi: 'यह आवाज़ पढ़ते समय ऐसी सुनाई देती है।',
  hu: 'Így szól ez a hang, amikor felolvas.',
  it: 'Ecco come suona questa voce quando legge.',
  ja: 'この こえは よむとき このように きこえます。',
  nb: 'Slik høres denne stemmen ut når den leser.',
  nl: 'Zo klinkt deze stem wanneer ze voorleest.',
  pl: 'Tak brzmi ten głos, kiedy czyta.',
  pt: 'É assim que esta voz soa quando lê para você.',
  ro: 'Așa sună această voce când citește.',
  ru: 'Так звучит этот голос, когда читает.',
  sv: 'Så här låter den här rösten när den läser.',
  tr: 'Bu ses okurken böyle duyulur.',
  uk: 'Так звучить цей голос, коли читає.',
};

/** @param language BCP 47, as a voice has it; one that is not here says it in English */
export function sampleSentence(language: string): string {
  const [primary = ''] = language.split('-');
  return SENTENCES[primary] ?? String(SENTENCES.en);
}
