import type { SegmentState } from '@sotto/contracts/wire';
import { useTranslation } from 'react-i18next';
import styles from './line.module.css';

const KNOWN = [
  'low_confidence',
  'repetitive',
  'repeated_line',
  'sound_description',
  'no_speech',
  'outside_speech',
  'not_transcribed',
] as const;

/** Why a line may not have been said, or why it was left out. */
export function FlagNames({ flags, state }: { flags: readonly string[]; state: SegmentState }) {
  const { t } = useTranslation();
  const names = flags.map((flag) => {
    const known = KNOWN.find((each) => each === flag);
    return known === undefined ? flag : t(`flags.${known}`);
  });
  const text = names.join(', ');
  return <p className={styles.flags}>{state === 'dropped' ? t('line.dropped', { text }) : text}</p>;
}
