import { useTranslation } from 'react-i18next';
import { Notice } from '../components/notice.tsx';

/** Why a microphone cannot be heard, and what to do. */
export function MicrophoneFailure({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
  return (
    <Notice kind="danger" title={isRefused ? t('recorder.refused') : t('recorder.none')}>
      <p>{isRefused ? t('recorder.refusedAdvice') : t('recorder.noneAdvice')}</p>
    </Notice>
  );
}
