import type { Block } from './blocks.ts';
import { notReadable } from './not-readable.ts';
import { readXml } from './read-xml.ts';
import type { Archive } from './zip.ts';

const HEADING = /^(?:heading|title)\D*(\d?)$/i;
/** Nothing would run them, but whoever sends them does not know what is in the file. */
const MACROS = 'word/vbaProject.bin';

/** The paragraphs of a Word document, as they are after all changes; headers, footnotes, comments and macros are not read. */
export async function* docxBlocks(archive: Archive): AsyncGenerator<Block> {
  if (archive.has(MACROS)) throw notReadable('has macros; save it without them, as docx');
  const reader = new DocxReader();
  readXml(await archive.text('word/document.xml'), reader);
  yield* reader.blocks;
}

class DocxReader {
  readonly blocks: Block[] = [];
  #text = '';
  #kind: Block['kind'] = 'paragraph';
  /** Cells of the row that is open, in tables. */
  #cells: string[] | null = null;
  #isText = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 't') this.#isText = true;
    else if (name === 'tab' || name === 'br') this.#text += ' ';
    else if (name === 'pStyle') this.#kind = kindOf(attributes['w:val'] ?? '');
    else if (name === 'numPr') this.#kind = 'item';
    else if (name === 'tr') this.#cells = [];
  }

  text(text: string): void {
    if (this.#isText) this.#text += text;
  }

  close(name: string): void {
    if (name === 't') this.#isText = false;
    else if (name === 'p') this.#endParagraph();
    else if (name === 'tr') this.#endRow();
  }

  #endParagraph(): void {
    if (this.#cells) this.#cells.push(this.#text.trim());
    else this.blocks.push({ kind: this.#kind, text: this.#text });
    this.#text = '';
    this.#kind = 'paragraph';
  }

  #endRow(): void {
    const cells = (this.#cells ?? []).filter((cell) => cell !== '');
    this.blocks.push({ kind: 'item', text: cells.join(', ') });
    this.#cells = null;
  }
}

function kindOf(style: string): Block['kind'] {
  const [heading, level] = HEADING.exec(style) ?? [];
  if (heading === undefined) return 'paragraph';
  return Number(level || 1) <= 2 ? 'chapter' : 'heading';
}
