import { useTranslation } from 'react-i18next';
import { explain } from '../api/explain.ts';
import { Button } from './button.tsx';
import styles from './failure.module.css';
import { Notice } from './notice.tsx';

/** What went wrong and what to do. `onRetry` is offered where it can help. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { title, advice, detail, canRetry } = explain(error, t);
  return (
    <Notice kind="danger" title={title}>
      <p>{advice}</p>
      {detail !== null && <p className={styles.detail}>{detail}</p>}
      {canRetry && onRetry !== undefined && (
        <Button className={styles.again ?? ''} onClick={onRetry}>
          {t('errors.again')}
        </Button>
      )}
    </Notice>
  );
}
