import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../components/dialog.tsx';
import styles from './panels.module.css';

const KEYS = [
  ['play', ['Space']],
  ['back', ['←', '→']],
  ['speed', ['[', ']']],
  ['lines', ['↑', '↓']],
  ['select', ['Shift ↑', 'Shift ↓']],
  ['hear', ['P']],
  ['edit', ['Enter']],
  ['doubt', ['N', 'Shift N']],
  ['split', ['S']],
  ['merge', ['M']],
  ['boundary', ['<', '>']],
  ['speaker', ['R', '1 – 9']],
  ['delete', ['Delete']],
  ['undo', ['Ctrl Z', 'Ctrl Shift Z']],
  ['find', ['Ctrl F']],
  ['copy', ['C']],
  ['help', ['?']],
] as const;

/** What the keys do. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([name, keys]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key, at) => (
                <span key={key}>
                  {at > 0 && ' '}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.count}>{t('keys.typing')}</p>
    </Dialog>
  );
}
