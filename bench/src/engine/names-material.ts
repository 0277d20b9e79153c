import { seededRandom } from '@sotto/testkit';

/** A sentence and the listed names in it. */
export interface NamedSentence {
  text: string;
  names: readonly string[];
}

export type Split = keyof typeof NAMES;

const KINDS = ['person', 'thing', 'drug', 'place'] as const;
type Kind = (typeof KINDS)[number];

/** `{}` is a name of that kind. */
const TEMPLATES: Record<Kind, readonly string[]> = {
  person: [
    'I spoke with {} about the budget on Monday morning',
    'Please send the signed contract to {} before the end of the week',
    'The next speaker on our panel is {} who will talk about water supply',
    'According to {} the results will be published next year',
    '{} and {} wrote the first version of the report',
    'Could you ask {} whether the meeting with {} is still planned',
    'Nobody in the room had heard of {} before',
    'In the evening {} called me and told me the whole story',
    'This is {} speaking how can I help you',
  ],
  thing: [
    'We moved the whole service to {} last summer and it has been stable since',
    'My cousin works for {} and travels a lot',
    'According to {} the results will be published next year',
    'Nobody in the room had heard of {} before',
    'She explained how {} stores the data on three different machines',
    'Our team decided to replace {} with {} next month',
    '{} and {} wrote the first version of the report',
  ],
  drug: [
    'The doctor prescribed {} and asked her to come back in two weeks',
    'The patient was already taking {} together with {}',
    'Nobody in the room had heard of {} before',
  ],
  place: [
    'Have you ever been to {} in the winter',
    'They drove from {} to {} in less than five hours',
    'The old bridge near {} was closed for repairs',
    'The train to {} was late again',
    'He spent his childhood in {} with his grandparents',
  ],
};

/** What is tuned is tuned on `dev`; `test` is what is reported. No name is in both. */
export const NAMES = {
  dev: {
    person:
      'Kowalczyk, Okonkwo, Bhattacharya, Thorvaldsen, Achterberg, Oyelaran, Papadimitriou, Saoirse Gallagher, Ilmari Virtanen, Tadeusz Wrobel, Xiomara Delgado, Zbigniew',
    thing:
      'Grafana, Terraform, Elasticsearch, RabbitMQ, Istio, Veltrix, Nordevia, Calyxa, Halvorsen Marine, Omnivault, Pinecroft',
    drug: 'apixaban, metoprolol, pembrolizumab, empagliflozin, sertraline, quetiapine, clopidogrel',
    place:
      'Szczecin, Ouagadougou, Tegucigalpa, Ljubljana, Timisoara, Cuernavaca, Llandudno, Vladivostok, Przemysl, Kirkcaldy',
  },
  test: {
    person:
      'Szymanski, Adeyemi, Chakraborty, Lindqvist, van der Meulen, Nwachukwu, Karamanlis, Siobhan Keane, Aino Korhonen, Wojciech Mazur, Itziar Etxeberria, Yevgenia',
    thing:
      'Prometheus, Kubernetes, Cassandra, BullMQ, Envoy, Quanzo, Brightloom, Zenquil, Ostrava Dynamics, Fjordline, Marrowgate',
    drug: 'rivaroxaban, levetiracetam, tocilizumab, semaglutide, lisinopril, dexmedetomidine, amitriptyline',
    place:
      'Gdansk, Antananarivo, Thiruvananthapuram, Bydgoszcz, Reykjavik, Guadalajara, Aberystwyth, Novosibirsk, Eskilstuna, Kirkwall',
  },
} as const satisfies Record<string, Record<Kind, string>>;

const SENTENCES_OF_A_NAME = 2;

/** Each name in two sentences, some with another one of its kind. The same for the same split. */
export function namedSentences(split: Split): NamedSentence[] {
  const random = seededRandom(split === 'dev' ? 1 : 2);
  return KINDS.flatMap((kind) => {
    const names = NAMES[split][kind].split(', ');
    return names.flatMap((name) =>
      shuffled(TEMPLATES[kind], random)
        .slice(0, SENTENCES_OF_A_NAME)
        .map((template) => {
          const others = shuffled(
            names.filter((other) => other !== name),
            random,
          );
          const used: string[] = [];
          const text = template.replaceAll('{}', () => {
            const next = used.length === 0 ? name : (others[used.length] ?? name);
            used.push(next);
            return next;
          });
          return { text: `${text[0]?.toUpperCase()}${text.slice(1)}`, names: used };
        }),
    );
  });
}

/** Names of places, countries and languages, as this Node's ICU has them: what nobody says in those sentences. */
export function distractors(count: number): string[] {
  const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const found = [
    ...Intl.supportedValuesOf('timeZone').map((zone) => zone.split('/').at(-1)?.replaceAll('_', ' ')),
    ...pairs.map((code) => regions.of(code.toUpperCase())),
    ...[...pairs, ...pairs.flatMap((pair) => letters.map((c) => pair + c))].map((code) => languages.of(code)),
  ].filter((name) => name !== undefined);
  const said = new Set(Object.values(NAMES).flatMap((kinds) => Object.values(kinds).flatMap((of) => of.split(', '))));
  const usable = [...new Set(found)].filter(
    (name) => /^[\p{L} '-]{4,30}$/u.test(name) && !said.has(name) && !/linguistic|root/.test(name),
  );
  return shuffled(usable.sort(), seededRandom(7)).slice(0, count);
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
