import type { WireSessionState } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearchParams } from 'react-router';
import { client } from '../api/client.ts';
import { forgetOthers } from '../api/session.ts';
import buttonStyles from '../components/button.module.css';
import { Button, classes } from '../components/button.tsx';
import { Failure } from '../components/failure.tsx';
import { TextField } from '../components/field.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { serviceName } from '../theme/choice.ts';
import styles from './sign-in-view.module.css';

/** Why the identity provider's sign-in did not end well, as the service says it in the address. */
const ERRORS = ['sign_in_refused', 'sign_in_unavailable', 'rate_limit_exceeded'] as const;

/** For who is not signed in: what this is, and how to come in. */
export function SignInView({ state }: { state: WireSessionState }) {
  const { t } = useTranslation();
  const { oidc, key } = state.sign_in;
  return (
    <div className={styles.view}>
      <PageHeader title={t('signIn.title', { name: serviceName() })} lead={t('signIn.lead')} />
      <ProviderError />
      {oidc !== null && <ProviderLink {...oidc} />}
      {key && <KeyForm isOnly={oidc === null} />}
    </div>
  );
}

function ProviderError() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const error = ERRORS.find((code) => code === query.get('sign_in_error'));
  if (error === undefined) return null;
  return (
    <Notice kind="danger" title={t('signIn.failed')}>
      <p>{t(`signIn.errors.${error}`)}</p>
    </Notice>
  );
}

function ProviderLink({ name, url }: { name: string; url: string }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const start = new URL(url);
  start.searchParams.set('return_to', `/app${pathname}`);
  return (
    <a className={classes(buttonStyles.button, buttonStyles.primary)} href={start.href}>
      {t('signIn.with', { name })}
    </a>
  );
}

function KeyForm({ isOnly }: { isOnly: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: () => client.session.signIn(key.trim()),
    onSuccess: (state) => {
      forgetOthers(queries);
      queries.setQueryData(['session'], state);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextField
        label={t('signIn.key')}
        hint={t('signIn.keyHint')}
        type="password"
        autoComplete="current-password"
        required
        value={key}
        onChange={({ target }) => setKey(target.value)}
      />
      <Button type="submit" kind={isOnly ? 'primary' : 'normal'} disabled={signIn.isPending || key.trim() === ''}>
        {t('signIn.withKey')}
      </Button>
      {signIn.error !== null && <Failure error={signIn.error} />}
    </form>
  );
}
