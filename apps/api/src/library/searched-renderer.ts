import type { SearchedContent } from '@sotto/library';
import type { Renderer } from '../results/renderer.ts';
import { factsOf, linesOf } from './kept-renderer.ts';

/** What of a transcript a search of the library looks at. Written as JSON: threads send back text. */
export const searchedRenderer: Renderer<Record<string, never>> = {
  name: 'searched',
  render: (transcript) => {
    const { speakers, speakerNames } = factsOf(transcript);
    return JSON.stringify({ lines: linesOf(transcript), speakers, speakerNames } satisfies SearchedContent);
  },
};

export const readSearched = (body: string | Buffer): SearchedContent => JSON.parse(String(body));
