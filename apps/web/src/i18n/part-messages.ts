import i18next, { type ResourceLanguage } from 'i18next';

type Load = () => Promise<{ default: ResourceLanguage }>;
type Part = 'live' | 'operate' | 'speak';

/** Words that only some pages need are loaded with them. */
const LOADERS: Readonly<Record<Part, Readonly<Record<string, Load>>>> = {
  live: {
    en: () => import('./live/en.json'),
    de: () => import('./live/de.json'),
    es: () => import('./live/es.json'),
  },
  operate: {
    en: () => import('./operate/en.json'),
    de: () => import('./operate/de.json'),
    es: () => import('./operate/es.json'),
  },
  speak: {
    en: () => import('./speak/en.json'),
    de: () => import('./speak/de.json'),
    es: () => import('./speak/es.json'),
  },
};

/** Loads the words for the language of the page, for what would be missing in it, and for any that is chosen later. */
export async function loadMessages(part: Part): Promise<void> {
  const load = async (language: string): Promise<void> => {
    const loader = LOADERS[part][language];
    if (loader === undefined || i18next.hasResourceBundle(language, part)) return;
    i18next.addResourceBundle(language, part, (await loader()).default);
  };
  if (!i18next.hasResourceBundle('en', part)) i18next.on('languageChanged', (language) => void load(language));
  await Promise.all([load('en'), load(i18next.language)]);
}
