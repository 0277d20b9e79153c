import { strToU8, zipSync } from 'fflate';
import { documentOf } from './document.ts';
import { documentXml, PARTS } from './docx-parts.ts';
import type { Renderer } from './rendered.ts';

/** Any fixed time: the same transcript gives the same bytes. A zip's clock begins in 1980. */
const FILE_TIME = new Date(1980, 0, 1);

/** Word's format (ECMA-376), as few parts of it as it takes. */
export const renderDocx: Renderer<Uint8Array<ArrayBuffer>> = (transcript, options) => {
  const document = documentXml(documentOf(transcript, options.title), transcript.language);
  const files = Object.entries({ ...PARTS, 'word/document.xml': document });
  return zipSync(Object.fromEntries(files.map(([name, xml]) => [name, strToU8(xml)])), { mtime: FILE_TIME });
};
