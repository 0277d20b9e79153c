import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';

/** Lets somebody hear a voice before it is chosen; nothing is charged for that. */
export function SampleButton({ voice }: { voice: string | undefined }) {
  const { t } = useTranslation(['translation', 'speak']);
  const player = useRef<HTMLAudioElement | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => () => player.current?.pause(), []);
  const hear = async (id: string) => {
    setError(null);
    player.current?.pause();
    try {
      const { body } = await client.speech.sample(id);
      const address = URL.createObjectURL(await new Response(body).blob());
      const audio = new Audio(address);
      audio.addEventListener('emptied', () => URL.revokeObjectURL(address));
      player.current = audio;
      await audio.play();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <>
      <Button disabled={voice === undefined} onClick={() => voice !== undefined && void hear(voice)}>
        {t('speak:sample')}
      </Button>
      {error !== null && <Failure error={error} />}
    </>
  );
}
