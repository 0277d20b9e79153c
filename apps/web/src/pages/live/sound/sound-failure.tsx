import { useTranslation } from 'react-i18next';
import { Notice } from '../../../components/notice.tsx';
import { MicrophoneFailure } from '../../../sound/microphone-failure.tsx';
import { ClickNeededError } from './capture.ts';
import { NoSoundSharedError } from './sources.ts';

/** Why nothing is heard, and what to do. `ended`: the tab was closed, or the microphone unplugged. */
export function SoundFailure({ error }: { error: unknown }) {
  const { t } = useTranslation(['translation', 'live']);
  if (error === 'ended') {
    return (
      <Notice kind="caution" title={t('live:soundEnded')}>
        <p>{t('live:soundEndedAdvice')}</p>
      </Notice>
    );
  }
  if (error instanceof ClickNeededError) {
    return (
      <Notice kind="caution" title={t('live:clickNeeded')}>
        <p>{t('live:clickNeededAdvice')}</p>
      </Notice>
    );
  }
  if (error instanceof NoSoundSharedError) {
    return (
      <Notice kind="danger" title={t('live:noSoundShared')}>
        <p>{t('live:noSoundSharedAdvice')}</p>
      </Notice>
    );
  }
  return <MicrophoneFailure error={error} />;
}
