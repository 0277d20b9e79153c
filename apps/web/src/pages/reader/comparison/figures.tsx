import type { WireItem } from '@sotto/client';
import { useTranslation } from 'react-i18next';
import { localeFor } from '../../../i18n/locale.ts';
import { OFF_MS } from './compare.ts';
import styles from './comparison.module.css';
import { namesOf } from './names.ts';
import type { Compared } from './use-comparison.ts';

/** What can be said of both in numbers. */
export function Figures({
  items,
  result: { counts, facts },
}: {
  items: readonly [WireItem, WireItem];
  result: Compared;
}) {
  const { t, i18n } = useTranslation();
  const locale = localeFor(i18n.language);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const { same, other, onlyFirst, onlySecond, apart } = counts;
  const differing = other + onlyFirst + onlySecond;
  return (
    <>
      <p className={styles.summary}>
        {t('comparison.differing', {
          count: differing,
          share: share.format(differing / Math.max(1, same + differing)),
        })}{' '}
        {t('comparison.kinds', { other, onlyFirst, onlySecond })}{' '}
        {t('comparison.apart', { count: apart, seconds: number.format(OFF_MS / 1000) })}
      </p>
      <table className={styles.figures}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('comparison.words')}</th>
            <th scope="col">{t('comparison.confidence')}</th>
            <th scope="col">{t('comparison.doubtful')}</th>
            <th scope="col">{t('comparison.speed')}</th>
          </tr>
        </thead>
        <tbody>
          {facts.map(({ words, confidence, lowWords, speed }, at) => (
            <tr key={items[at]?.id}>
              <th scope="row">{namesOf(items)[at]}</th>
              <td>{number.format(words)}</td>
              <td>{share.format(confidence)}</td>
              <td>{number.format(lowWords)}</td>
              <td>{speed === null ? '–' : `${number.format(speed)}×`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
