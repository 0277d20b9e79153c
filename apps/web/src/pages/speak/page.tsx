import type { SpeakOptions } from '@sotto/client';
import { Volume2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Failure } from '../../components/failure.tsx';
import { SelectField } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import layout from '../../components/with-options.module.css';
import { loadMessages } from '../../i18n/part-messages.ts';
import { DictionaryField } from './dictionary-field.tsx';
import { History } from './history.tsx';
import { OwnVoices } from './own/own-voices.tsx';
import { SampleButton } from './sample-button.tsx';
import { useSpeeches } from './speech/use-speeches.ts';
import { Spoken } from './spoken.tsx';
import { DocumentField, SpokenTextField } from './text-field.tsx';
import { VoiceUsage } from './usage/voice-usage.tsx';
import { useSpokenVoices } from './use-voices.ts';
import { VoiceField } from './voice-field.tsx';

await loadMessages('speak');

const FORMATS = ['text', 'markdown', 'ssml'] as const satisfies SpeakOptions['textFormat'][];
type TextFormat = (typeof FORMATS)[number];
const SPEEDS = [0.75, 1, 1.25, 1.5];
/** What the service reads itself; other files are shown as text. */
const DOCUMENT = /\.(docx|epub|srt|vtt)$/i;
/** Of a text, for the list of what was spoken. */
const NAME_CHARACTERS = 60;

/** What a voice that was made of a sample says, which all of them can. */
const HEARD = 'This is how this voice sounds when it reads to you.';

/** Text in, a voice out. */
export function SpeakPage() {
  const { t } = useTranslation(['translation', 'speak']);
  const voices = useSpokenVoices();
  const [speech, speak] = useSpeeches();
  const [text, setText] = useState('');
  const [document, setDocument] = useState<File | null>(null);
  const [voice, setVoice] = useState('');
  const [dictionary, setDictionary] = useState('');
  const [speed, setSpeed] = useState(1);
  const [format, setFormat] = useState<TextFormat>('text');
  const say = () => {
    const chosen = { ...(voice !== '' && { voice }), ...(dictionary !== '' && { dictionary }) };
    const spokenWith = { ...chosen, speed, wordTimes: true };
    if (document !== null) speak(document, { ...spokenWith, name: document.name });
    else speak(text, { ...spokenWith, textFormat: format, name: nameOf(text) });
  };
  const hear = (id: string) => speak(HEARD, { voice: id, language: 'en', textFormat: 'text', name: nameOf(HEARD) });
  const open = async (file: File) => {
    if (DOCUMENT.test(file.name)) return setDocument(file);
    setText(await file.text());
    setFormat(formatOf(file.name));
  };
  const start = (event: FormEvent) => {
    event.preventDefault();
    say();
  };
  const chosen = voices.data?.find(({ id, sample }) => (voice === '' ? sample !== undefined : id === voice));
  const isMute = voices.data?.length === 0;
  return (
    <>
      <PageHeader title={t('speak:title')} lead={t('speak:lead')} />
      {voices.isError && <Failure error={voices.error} onRetry={() => void voices.refetch()} />}
      {isMute && (
        <Notice kind="caution" title={t('speak:mute')}>
          <p>{t('speak:muteAdvice')}</p>
        </Notice>
      )}
      <form className={layout.withOptions} onSubmit={start}>
        {document === null ? (
          <SpokenTextField value={text} onChange={setText} onFile={(file) => void open(file)} />
        ) : (
          <DocumentField file={document} onRemove={() => setDocument(null)} />
        )}
        <div className={layout.options}>
          <VoiceField voices={voices.data ?? []} value={voice} onChange={setVoice} />
          <SampleButton voice={chosen} onSpeak={hear} />
          <DictionaryField value={dictionary} onChange={setDictionary} />
          <SelectField label={t('speak:speed')} value={speed} onChange={({ target }) => setSpeed(Number(target.value))}>
            {SPEEDS.map((each) => (
              <option key={each} value={each}>
                {t('speak:times', { count: each })}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('speak:format')}
            value={format}
            disabled={document !== null}
            onChange={({ target }) => setFormat(target.value as TextFormat)}
          >
            {FORMATS.map((each) => (
              <option key={each} value={each}>
                {t(`speak:formats.${each}`)}
              </option>
            ))}
          </SelectField>
          <Button kind="primary" type="submit" disabled={(document === null && text.trim() === '') || isMute}>
            <Volume2 size={16} aria-hidden="true" />
            {t('speak:start')}
          </Button>
        </div>
      </form>
      {speech !== null && <Spoken speech={speech} onAgain={say} />}
      <OwnVoices onHear={hear} />
      <History />
      <VoiceUsage />
    </>
  );
}

function formatOf(fileName: string): TextFormat {
  if (/\.(md|markdown)$/i.test(fileName)) return 'markdown';
  return /\.(ssml|xml)$/i.test(fileName) ? 'ssml' : 'text';
}

function nameOf(text: string): string {
  const line = text.trim().split(/\s+/).join(' ');
  if (line.length <= NAME_CHARACTERS) return line;
  const end = line.lastIndexOf(' ', NAME_CHARACTERS);
  return `${line.slice(0, end > 0 ? end : NAME_CHARACTERS)} …`;
}
