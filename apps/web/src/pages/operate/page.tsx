import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, useLocation } from 'react-router';
import { useSession } from '../../api/session.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Failure } from '../../components/failure.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { loadMessages } from '../../i18n/part-messages.ts';
import styles from './page.module.css';

await loadMessages('operate');

const SECTIONS = ['overview', 'jobs', 'workers', 'models', 'keys', 'usage', 'webhooks', 'feedback', 'audit'] as const;

/** What is around the pages of operators; others are told whom they are for. */
export function OperatePage() {
  const { t } = useTranslation('operate');
  const session = useSession();
  const { pathname } = useLocation();
  const sections = useRef<HTMLElement>(null);
  // On a phone, the list is longer than the screen is wide.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another section is shown.
  useEffect(() => {
    const current = sections.current?.querySelector('[aria-current="page"]');
    current?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [pathname, session.isSuccess]);
  if (session.isPending) return null;
  if (session.isError) return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  if (session.data.role !== 'operator') {
    return (
      <>
        <PageHeader title={t('sections.label')} />
        <EmptyState title={t('gate.title')} text={t('gate.text')} />
      </>
    );
  }
  return (
    <>
      <nav ref={sections} aria-label={t('sections.label')} className={styles.sections}>
        <ul>
          {SECTIONS.map((section) => (
            <li key={section}>
              <NavLink to={section === 'overview' ? '/operate' : `/operate/${section}`} end className={styles.section}>
                {t(`sections.${section}`)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </>
  );
}
