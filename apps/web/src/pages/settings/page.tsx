import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { useSession } from '../../api/session.ts';
import { SelectField } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { chooseLanguage, LANGUAGES, type Language } from '../../i18n/i18n.ts';
import { chooseTheme, chosenTheme, THEMES, type Theme } from '../../theme/choice.ts';
import { Account } from './account/account.tsx';
import { Defaults } from './defaults.tsx';
import styles from './page.module.css';
import { Retention } from './retention.tsx';

/** Language and looks, what is wanted of every recording, who is signed in, and what service this is. */
export function SettingsPage() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const user = useSession().data?.user ?? null;
  const speakIn = async (language: Language): Promise<void> => {
    await chooseLanguage(language);
    if (user === null) return;
    // In every browser of this user.
    await client.profile.change({ language });
    await queries.invalidateQueries({ queryKey: ['session'] });
  };
  const [theme, setTheme] = useState(chosenTheme);
  const health = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => client.health({ signal }) });
  return (
    <>
      <PageHeader title={t('settings.title')} lead={t('settings.lead')} />
      <div className={styles.choices}>
        <SelectField
          label={t('settings.language')}
          value={i18n.language}
          onChange={({ target }) => void speakIn(target.value as Language)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('settings.theme')}
          value={theme}
          onChange={({ target }) => {
            chooseTheme(target.value as Theme);
            setTheme(chosenTheme());
          }}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {t(`settings.themes.${name}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Defaults />
      <Retention />
      <Account />
      <section className={styles.about}>
        <h2>{t('settings.about')}</h2>
        <p>{t('settings.aboutText', { version: health.data?.version ?? '' })}</p>
        <ul>
          <li>
            <a href="/docs">{t('settings.api')}</a>
          </li>
          <li>
            <a href="/app/licences.md">{t('settings.licences')}</a>
          </li>
        </ul>
      </section>
    </>
  );
}
