import type { SegmentState } from '@sotto/contracts/wire';
import { useTranslation } from 'react-i18next';
import styles from './line.module.css';

/** Why a line may not have been said, or why it was left out. */
export function FlagNames({ flags, state }: { flags: readonly string[]; state: SegmentState }) {
  const { t, i18n } = useTranslation();
  // A newer service may have flags of which this page knows nothing.
  const names = flags.map((flag) => (i18n.exists(`flags.${flag}`) ? t(`flags.${flag as 'no_speech'}`) : flag));
  const text = names.join(', ');
  return <p className={styles.flags}>{state === 'dropped' ? t('line.dropped', { text }) : text}</p>;
}
