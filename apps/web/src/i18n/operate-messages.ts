import i18next, { type ResourceLanguage } from 'i18next';
import en from './operate/en.json';

/** Words that only operators need are loaded with their pages. */
const LOADERS: Readonly<Record<string, () => Promise<{ default: ResourceLanguage }>>> = {
  de: () => import('./operate/de.json'),
  es: () => import('./operate/es.json'),
};

const NAMESPACE = 'operate';

async function load(language: string): Promise<void> {
  const loader = LOADERS[language];
  if (loader === undefined || i18next.hasResourceBundle(language, NAMESPACE)) return;
  i18next.addResourceBundle(language, NAMESPACE, (await loader()).default);
}

/** Loads the words for the language of the page, and of any that is chosen later. */
export async function loadOperateMessages(): Promise<void> {
  if (i18next.hasResourceBundle('en', NAMESPACE)) return load(i18next.language);
  i18next.addResourceBundle('en', NAMESPACE, en);
  i18next.on('languageChanged', (language) => void load(language));
  await load(i18next.language);
}
