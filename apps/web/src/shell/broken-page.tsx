import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Button } from '../components/button.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** A fault of the page itself, or a part of it that a new version of the service no longer has. */
export function BrokenPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <>
      <PageHeader title={t('shell.broken')} lead={error instanceof Error ? error.message : String(error)} />
      <Button onClick={() => window.location.reload()}>{t('shell.reload')}</Button>
    </>
  );
}
