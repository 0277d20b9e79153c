import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { SelectField } from '../../components/field.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { chooseLanguage, LANGUAGES, type Language } from '../../i18n/i18n.ts';
import { chooseTheme, chosenTheme, THEMES, type Theme } from '../../theme/choice.ts';
import styles from './page.module.css';

/** What this browser keeps to itself: language and looks. And what service this is. */
export function SettingsPage() {
  const { t, i18n } = useTranslation();
  const [theme, setTheme] = useState(chosenTheme);
  const health = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => client.health({ signal }) });
  return (
    <>
      <PageHeader title={t('settings.title')} lead={t('settings.lead')} />
      <div className={styles.choices}>
        <SelectField
          label={t('settings.language')}
          value={i18n.language}
          onChange={({ target }) => void chooseLanguage(target.value as Language)}
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
