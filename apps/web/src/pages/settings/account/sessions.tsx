import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client.ts';
import { afterSignOut } from '../../../api/session.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmButton } from '../../../components/confirm-button.tsx';
import { Failure } from '../../../components/failure.tsx';
import { Row, Rows } from '../../../components/rows.tsx';
import styles from './account.module.css';
import { useMoment } from './use-moment.ts';

const SESSIONS = ['sessions'];

/** Browsers that are signed in. */
export function Sessions() {
  const { t } = useTranslation();
  const moment = useMoment();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: SESSIONS, queryFn: ({ signal }) => client.session.list({ signal }) });
  const end = useMutation({
    mutationFn: (id: string) => client.session.end(id),
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
  const endAll = useMutation({
    mutationFn: () => client.session.signOutEverywhere(),
    onSuccess: () => afterSignOut(queries),
  });
  const error = sessions.error ?? end.error ?? endAll.error;
  return (
    <section className={styles.section} aria-labelledby="sessions">
      <h2 id="sessions">{t('account.sessions')}</h2>
      {sessions.data !== undefined && (
        <Rows>
          {sessions.data.sessions.map(({ id, user_agent: agent, last_seen_at: seenAt, current }) => (
            <Row
              key={id}
              name={browserName(agent) ?? t('account.unknownBrowser')}
              facts={current ? t('account.thisBrowser') : t('account.seen', { date: moment(seenAt) })}
              actions={
                !current && (
                  <Button kind="quiet" onClick={() => end.mutate(id)}>
                    {t('account.endSession')}
                  </Button>
                )
              }
            />
          ))}
        </Rows>
      )}
      <div>
        <ConfirmButton
          question={t('account.everywhereQuestion')}
          consequence={t('account.everywhereConsequence')}
          action={t('account.everywhere')}
          onConfirm={() => endAll.mutate()}
        >
          {t('account.everywhere')}
        </ConfirmButton>
      </div>
      {error !== null && <Failure error={error} />}
    </section>
  );
}

/** `Firefox, Linux`: enough to recognize one's own. null: it does not say. */
function browserName(agent: string | null): string | null {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(agent ?? '')?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent ?? '')?.[1];
  const name = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser;
  return [name, system?.replace('Mac OS X', 'macOS')].filter(Boolean).join(', ') || agent;
}
