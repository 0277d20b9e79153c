import type { CaptionShape, ResponseFormat, WireItem } from '@sotto/client';
import { useQuery } from '@tanstack/react-query';
import { Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { client } from '../../../api/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Failure } from '../../../components/failure.tsx';
import { CheckField, SelectField, TextField } from '../../../components/field.tsx';
import { saveFile } from '../../../storage/save-file.ts';
import type { Editor } from '../editor/editor.ts';
import styles from './panels.module.css';

/** Format -> ending and type of its file. */
const FORMATS = {
  text: ['txt', 'text/plain'],
  srt: ['srt', 'application/x-subrip'],
  vtt: ['vtt', 'text/vtt'],
  ass: ['ass', 'text/x-ssa'],
  md: ['md', 'text/markdown'],
  docx: ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  tsv: ['tsv', 'text/tab-separated-values'],
  csv: ['csv', 'text/csv'],
  json: ['json', 'application/json'],
  verbose_json: ['json', 'application/json'],
  rttm: ['rttm', 'text/plain'],
} as const satisfies Partial<Record<ResponseFormat, readonly [string, string]>>;
type Format = keyof typeof FORMATS;

const CAPTIONS: readonly Format[] = ['srt', 'vtt', 'ass'];
const PREVIEW_CHARACTERS = 4_000;

type Numbers = 'maxLineWidth' | 'maxLineCount' | 'maxCueDuration' | 'minCueDuration' | 'maxCharsPerSecond';
/** Name, what is usual (null: there is no limit), least and most. */
const NUMBERS: readonly [Numbers, number | null, number, number][] = [
  ['maxLineWidth', 42, 10, 200],
  ['maxLineCount', 2, 1, 8],
  ['minCueDuration', 1, 0, 10],
  ['maxCueDuration', 7, 1, 60],
  ['maxCharsPerSecond', null, 1, 200],
];

interface ExportDialogProps {
  item: WireItem;
  editor: Editor;
  onClose: () => void;
}

/** The transcript in any format, with a look at it first. */
export function ExportDialog({ item, editor, onClose }: ExportDialogProps) {
  const { t } = useTranslation();
  const [format, setFormat] = useState<Format>('srt');
  const [shape, setShape] = useState<CaptionShape>({});
  const isCaption = CAPTIONS.includes(format);
  const rendered = useQuery({
    queryKey: ['library', 'item', item.id, 'result', format, isCaption ? shape : null],
    queryFn: async ({ signal }) => {
      await editor.flush();
      return client.library.result(item.id, format, { ...(isCaption && shape), signal });
    },
    gcTime: 0,
    staleTime: 0,
  });
  const navigate = useNavigate();
  const print = async (): Promise<void> => {
    await editor.flush();
    await navigate(`/library/${item.id}/print`);
  };
  const [ending, type] = FORMATS[format];
  const { data } = rendered;
  const content = typeof data === 'object' && !(data instanceof Uint8Array) ? JSON.stringify(data, null, 2) : data;
  const formats = (Object.keys(FORMATS) as Format[]).filter((each) => each !== 'rttm' || item.speakers !== null);
  return (
    <Dialog title={t('export.title')} isWide onClose={onClose}>
      <div className={styles.export}>
        <div className={styles.choices}>
          <SelectField
            label={t('export.format')}
            value={format}
            onChange={({ target }) => setFormat(target.value as Format)}
          >
            {formats.map((each) => (
              <option key={each} value={each}>
                {t(`export.formats.${each}`)}
              </option>
            ))}
          </SelectField>
          {isCaption &&
            NUMBERS.map(([name, usual, min, max]) => (
              <TextField
                key={name}
                label={t(`export.${name as 'maxLineWidth'}`)}
                type="number"
                min={min}
                max={max}
                placeholder={usual === null ? '' : String(usual)}
                value={shape[name] ?? ''}
                onChange={({ target }) =>
                  setShape({ ...shape, [name]: target.value === '' ? undefined : Number(target.value) })
                }
              />
            ))}
          {isCaption && (
            <CheckField
              label={t('export.highlightWords')}
              checked={shape.highlightWords ?? false}
              onChange={({ target }) => setShape({ ...shape, highlightWords: target.checked })}
            />
          )}
        </div>
        {rendered.isError ? (
          <Failure error={rendered.error} onRetry={() => void rendered.refetch()} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it with the keys
          <section className={styles.preview} tabIndex={0} aria-label={t('export.preview')}>
            {content instanceof Uint8Array ? t('export.binary') : (content ?? '').slice(0, PREVIEW_CHARACTERS)}
          </section>
        )}
        <div className={styles.actions}>
          <Button onClick={() => void print()}>
            <Printer size={16} aria-hidden="true" />
            {t('export.print')}
          </Button>
          <Button
            kind="primary"
            disabled={content === undefined}
            onClick={() => content !== undefined && saveFile(content, `${item.title}.${ending}`, type)}
          >
            <Download size={16} aria-hidden="true" />
            {t('export.download')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
