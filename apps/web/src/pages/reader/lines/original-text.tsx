import { diffWordsWithSpace } from 'diff';
import { useTranslation } from 'react-i18next';
import styles from './line.module.css';

/** A line as it was heard, with what is no longer so. */
export function OriginalText({ original, edited }: { original: string; edited: string }) {
  const { t } = useTranslation();
  const parts = diffWordsWithSpace(original.trim(), edited.trim()).filter(({ added }) => !added);
  return (
    <p className={styles.original}>
      <span className="unseen">{t('line.original')} </span>
      {parts.map(({ value, removed }, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are where they are
        removed ? <del key={index}>{value}</del> : <span key={index}>{value}</span>,
      )}
    </p>
  );
}
