import { gzipSync } from 'node:zlib';
import type { Transcript } from '@sotto/contracts';
import type { KeptTranscript, TextLine, TranscriptFacts } from '@sotto/library';
import { toColumns } from '@sotto/queue/results';
import type { Renderer } from '../results/renderer.ts';

/** How transcripts are written in the library: as long results are in Redis. */
export const ENCODING = 'columns';

interface KeptBody {
  facts: TranscriptFacts;
  lines: TextLine[];
  canonical: string;
}

/** A transcript as the library keeps it, with the speakers that are known. Written as JSON: threads send back text. */
export const keptRenderer: Renderer<Record<string, never>> = {
  name: 'kept',
  render: (transcript) => {
    const body: KeptBody = {
      facts: factsOf(transcript),
      lines: linesOf(transcript),
      canonical: gzipSync(JSON.stringify(toColumns(transcript))).toString('base64'),
    };
    return JSON.stringify(body);
  },
};

export function readKept(body: string | Buffer): KeptTranscript {
  const { facts, lines, canonical } = JSON.parse(String(body)) as KeptBody;
  return { facts, lines, canonical: { encoding: ENCODING, bytes: Buffer.from(canonical, 'base64') } };
}

export function factsOf({ language, durationMs, speakers, model, task }: Transcript): TranscriptFacts {
  return {
    language,
    durationMs,
    speakers: speakers?.length ?? null,
    speakerNames: speakerNamesOf(speakers),
    model,
    task,
  };
}

export function speakerNamesOf(speakers: Transcript['speakers']): string[] {
  return [...new Set((speakers ?? []).flatMap(({ name }) => name ?? []))];
}

export function linesOf({ segments }: Pick<Transcript, 'segments'>): TextLine[] {
  return segments.map(({ startMs, text }) => ({ startMs, text }));
}
