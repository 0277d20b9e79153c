import type { WireSessionState } from '@sotto/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { afterSignOut, useSession } from '../../../api/session.ts';
import { Button } from '../../../components/button.tsx';
import { Failure } from '../../../components/failure.tsx';
import styles from './account.module.css';
import { NameForm } from './name-form.tsx';
import { OwnKeys } from './own-keys.tsx';
import { Sessions } from './sessions.tsx';

/** Who is signed in: name, keys and browsers. Nothing while there is one local owner. */
export function Account() {
  const { data } = useSession();
  if (!data?.keys_enabled || !data.signed_in) return null;
  return (
    <>
      <SignedIn state={data} />
      {data.user !== null && <OwnKeys />}
      <Sessions />
    </>
  );
}

function SignedIn({ state: { user, key, role } }: { state: WireSessionState }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => client.session.signOut(),
    onSuccess: async ({ sign_out_url: url }) => {
      if (url !== null) window.location.assign(url);
      else await afterSignOut(queries);
    },
  });
  return (
    <section className={styles.section} aria-labelledby="account">
      <h2 id="account">{t('account.title')}</h2>
      <p>{t(role === 'operator' ? 'account.asOperator' : 'account.as', { name: user?.name ?? key?.name ?? '' })}</p>
      {user?.email && <p className={styles.soft}>{user.email}</p>}
      {user !== null && <NameForm name={user.name} />}
      <div>
        <Button onClick={() => signOut.mutate()} disabled={signOut.isPending}>
          {t('account.signOut')}
        </Button>
      </div>
      {signOut.error !== null && <Failure error={signOut.error} />}
    </section>
  );
}
