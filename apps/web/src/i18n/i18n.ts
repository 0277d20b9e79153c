import i18next, { type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';

export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED_AS = 'sotto.language';

/** Only what is spoken here is loaded; English is always there, for what would be missing. */
const LOADERS: Record<Exclude<Language, 'en'>, () => Promise<{ default: ResourceLanguage }>> = {
  de: () => import('./de.json'),
  es: () => import('./es.json'),
};

export async function startMessages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
  });
  await speak(chosenLanguage());
}

/** The one that was chosen here, else the first that the browser asks for. */
function chosenLanguage(): Language {
  const stored = localStorage.getItem(STORED_AS);
  const wished = [...(stored === null ? [] : [stored]), ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wished.find(isLanguage) ?? 'en';
}

export const isLanguage = (code: string): code is Language => code in LANGUAGES;

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED_AS, language);
  await speak(language);
}

async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await LOADERS[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
