import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLibrarySettings } from '../../api/library.ts';
import { useSession } from '../../api/session.ts';
import { Button } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';
import type { Choice } from '../../transcription/choice.ts';
import { useDefaults, useSaveDefaults } from '../../transcription/defaults.ts';
import { OptionFields } from '../../transcription/option-fields.tsx';
import styles from './page.module.css';

/** What is wanted of every recording. */
export function Defaults() {
  const { t } = useTranslation();
  const defaults = useDefaults();
  const hasProfile = useSession().data?.user != null;
  return (
    <section className={styles.section} aria-labelledby="defaults">
      <h2 id="defaults">{t('defaults.title')}</h2>
      <p>{t(hasProfile ? 'defaults.inProfile' : 'defaults.inBrowser')}</p>
      {defaults !== null && <DefaultsForm defaults={defaults} />}
    </section>
  );
}

function DefaultsForm({ defaults }: { defaults: Choice }) {
  const { t } = useTranslation();
  const { isOff } = useLibrarySettings();
  const [changes, setChanges] = useState<Partial<Choice>>({});
  const save = useSaveDefaults();
  const choice = { ...defaults, ...changes };
  const isChanged = Object.entries(changes).some(([name, value]) => defaults[name as keyof Choice] !== value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(choice);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <OptionFields
        choice={choice}
        hasLibrary={!isOff}
        onChange={(change) => {
          save.reset();
          setChanges({ ...changes, ...change });
        }}
      />
      <div className={styles.line}>
        <Button type="submit" disabled={!isChanged || save.isPending}>
          {t('defaults.save')}
        </Button>
        <p role="status">{save.isSuccess && !isChanged && t('defaults.saved')}</p>
      </div>
      {save.isError && <Failure error={save.error} />}
    </form>
  );
}
