import { SaxesParser } from 'saxes';
import { notReadable } from './not-readable.ts';

export interface XmlEvents {
  /** @param name without its prefix */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** Besides XML's own, those that books use. None of them has another in it. */
const ENTITIES = {
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  shy: '',
};
const MOST_DEPTH = 256;

/**
 * Reads XML of documents, as far as it is well-formed. Entities that a document declares are not known, so nothing grows and
 * nothing is fetched.
 *
 * @throws SottoError invalid_document: it is not XML, or declares entities
 */
export function readXml(xml: string, events: XmlEvents): void {
  const parser = new SaxesParser({ xmlns: false });
  Object.assign(parser.ENTITIES, ENTITIES);
  let depth = 0;
  parser.on('error', (cause) => {
    throw notReadable('has broken XML in it', cause);
  });
  parser.on('doctype', (declaration) => {
    if (declaration.includes('[')) throw notReadable('declares entities');
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > MOST_DEPTH) throw notReadable('has elements nested too deep');
    events.open(localName(name), attributes);
  });
  parser.on('text', (text) => events.text(text));
  parser.on('cdata', (text) => events.text(text));
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    events.close(localName(name));
  });
  parser.write(xml).close();
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
