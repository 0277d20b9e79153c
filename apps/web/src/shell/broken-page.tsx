import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';

/** A fault of the page itself, or a part of it that a new version of the service no longer has. */
export function BrokenPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <EmptyState title={t('shell.broken')} text={error instanceof Error ? error.message : String(error)}>
      <Button onClick={() => window.location.reload()}>{t('shell.reload')}</Button>
    </EmptyState>
  );
}
