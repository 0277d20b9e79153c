import type { KeyForm as Form, WireKey } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { CheckField, TextField } from '../../../components/field.tsx';
import { dayOf } from '../../../i18n/day-field.ts';
import layout from '../../../usage/layout.module.css';
import { formOf, LIMIT_FIELDS, SCOPES } from './key-fields.ts';
import styles from './keys.module.css';

interface KeyFormProps {
  title: string;
  /** Absent: a new one. */
  apiKey?: WireKey;
  error: unknown;
  isSaving: boolean;
  onSave: (form: Form) => void;
  onClose: () => void;
}

const DEFAULT_SCOPES: readonly string[] = ['transcribe', 'read'];

export function KeyForm({ title, apiKey, error, isSaving, onSave, onClose }: KeyFormProps) {
  const { t } = useTranslation('operate');
  const scopes: readonly string[] = apiKey?.scopes ?? DEFAULT_SCOPES;
  return (
    <form
      className={styles.form}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(formOf(new FormData(event.currentTarget)));
      }}
    >
      <div className={styles.fields}>
        <TextField
          name="name"
          label={t('keys.name')}
          hint={t('keys.nameHint')}
          required
          maxLength={100}
          defaultValue={apiKey?.name}
          autoComplete="off"
        />
        <TextField
          name="expires_at"
          type="date"
          label={t('keys.expires')}
          defaultValue={dayOf(apiKey?.expires_at ?? null)}
        />
      </div>
      <fieldset>
        <legend>{t('keys.scopes')}</legend>
        <div className={styles.checks}>
          {SCOPES.map((scope) => (
            <CheckField
              key={scope}
              name={`scope.${scope}`}
              label={t(`keys.scopeNames.${scope}`)}
              defaultChecked={scopes.includes(scope)}
            />
          ))}
          <CheckField
            name="may_raise_priority"
            label={t('keys.raises')}
            defaultChecked={apiKey?.may_raise_priority ?? false}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('keys.limits')}</legend>
        <p className={styles.hint}>{t('keys.limitsHint')}</p>
        <div className={styles.fields}>
          {LIMIT_FIELDS.map((field) => (
            <TextField
              key={field}
              name={field}
              type="number"
              min={1}
              step="any"
              label={t(`keys.fields.${field}`)}
              defaultValue={apiKey?.[field] ?? ''}
            />
          ))}
        </div>
      </fieldset>
      {error != null && <Failure error={error} />}
      <div className={layout.actions}>
        <Button kind="primary" type="submit" disabled={isSaving}>
          {t('keys.save')}
        </Button>
        <Button onClick={onClose}>{t('keys.close')}</Button>
      </div>
    </form>
  );
}
