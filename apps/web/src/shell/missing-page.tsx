import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageHeader } from '../components/page-header.tsx';

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t('shell.missing')} lead={t('shell.missingText')} />
      <Link to="/">{t('shell.toStart')}</Link>
    </>
  );
}
