import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Failure } from '../../components/failure.tsx';

/** sotto-nano knows some 65 words: it gets a recording made of them. Others hear President Kennedy. */
const SAMPLES = { nano: 'sample-nano.wav', others: 'sample.mp3' };

/** For whoever has nothing here yet: a recording to try. */
export function FirstSteps({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation();
  const sample = useMutation({
    mutationFn: async () => {
      const { current_model: model } = await client.models();
      const name = model === 'sotto-nano' ? SAMPLES.nano : SAMPLES.others;
      const response = await fetch(`${import.meta.env.BASE_URL}${name}`);
      if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
      const type = response.headers.get('content-type') ?? '';
      onFiles([new File([await response.blob()], name, { type })]);
    },
  });
  return (
    <EmptyState title={t('firstSteps.title')} text={t('firstSteps.text')}>
      <Button disabled={sample.isPending} onClick={() => sample.mutate()}>
        {t('firstSteps.try')}
      </Button>
      {sample.isError && <Failure error={sample.error} />}
    </EmptyState>
  );
}
