import { SottoError } from '@sotto/contracts';
import { SaxesParser } from 'saxes';

/** Where something stands in the text; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

export interface SsmlEvents {
  open(name: string, attributes: Readonly<Record<string, string>>, place: Place): void;
  text(text: string): void;
  close(name: string): void;
}

const MOST_DEPTH = 64;

/**
 * Reads XML strictly. Only the five entities of XML itself are known, and a document type is refused: so nothing grows and
 * nothing is fetched.
 *
 * @throws SottoError invalid_parameter, with line and column
 */
export function parseSsml(text: string, events: SsmlEvents): void {
  const parser = new SaxesParser({ position: true, xmlns: false });
  const place = (): Place => ({ line: parser.line, column: Math.max(1, parser.column) });
  let depth = 0;
  let start = place();
  parser.on('error', (error) => {
    throw broken(error.message.replace(/^\d+:\d+: /, ''), place());
  });
  parser.on('doctype', () => {
    throw broken('a document type is not allowed', place());
  });
  parser.on('opentagstart', () => {
    start = place();
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > MOST_DEPTH) throw broken(`elements may be nested ${MOST_DEPTH} deep`, start);
    events.open(name, attributes, start);
  });
  parser.on('text', events.text);
  parser.on('cdata', events.text);
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    events.close(name);
  });
  parser.write(text).close();
}

export function broken(what: string, { line, column }: Place): SottoError {
  return new SottoError('invalid_parameter', `The SSML is broken at line ${line}, column ${column}: ${what}.`);
}
