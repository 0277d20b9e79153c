import type { RunKind, WireStatus } from '@sotto/contracts';
import type { RequestView } from '@sotto/queue';
import type { Response } from 'express';
import { formatOf, formatRenderer } from '../results/formats.ts';
import type { Ended, Results } from '../results/results.ts';
import { toWireLanguage } from './status-view.ts';

/** The field of a status that holds the result, and its value as JSON text. */
export interface ShownResult {
  field: keyof Pick<WireStatus, 'result' | 'found_language'>;
  json: string | Buffer;
}

type Show<K extends RunKind> = (view: Ended<K>, results: Results, response: Response) => Promise<ShownResult | null>;

/** How each kind of run shows its result in a status. A kind without a wire shape does not compile. */
const SHOW: { [K in RunKind]: Show<K> } = {
  transcription: async ({ run, request }, results, response) => {
    const options = formatOf(request, { responseFormat: 'json' });
    const rendered = await results.kept({ run, request }, formatRenderer, options, response);
    return rendered && { field: 'result', json: rendered.body };
  },
  language: async ({ run }, results) => {
    const found = await results.keptValue<'language'>(run);
    return found && { field: 'found_language', json: JSON.stringify(toWireLanguage(found)) };
  },
  // Only whoever sent the sample is given the voice, and not like this.
  voice: async () => null,
  // It is sound.
  speech: async () => null,
  // The voice has it.
  matching: async () => null,
};

/** null: there is no result, it has expired, or it is a blob, which a status only links to. */
export async function shownResult(
  { run, request }: RequestView,
  results: Results,
  response: Response,
): Promise<ShownResult | null> {
  if (run.status !== 'completed' || run.result?.kind === 'blob') return null;
  return (SHOW[run.kind] as Show<RunKind>)({ run, request }, results, response);
}
