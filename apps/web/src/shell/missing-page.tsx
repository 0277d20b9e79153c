import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';

export function MissingPage() {
  const { t } = useTranslation();
  return (
    <EmptyState title={t('shell.missing')} text={t('shell.missingText')}>
      <Link to="/">{t('shell.toStart')}</Link>
    </EmptyState>
  );
}
