import { posix } from 'node:path';
import type { Block } from './blocks.ts';
import { notReadable } from './not-readable.ts';
import { readXml } from './read-xml.ts';
import type { Archive } from './zip.ts';

const ENCRYPTION = 'META-INF/encryption.xml';

/** The text of a book (EPUB 2 and 3), in the order of its spine. */
export async function* epubBlocks(archive: Archive): AsyncGenerator<Block> {
  const encrypted = await encryptedIn(archive);
  for (const path of await spineOf(archive)) {
    if (encrypted.has(path)) throw notReadable('is encrypted');
    const reader = new PageReader();
    readXml(await archive.text(path), reader);
    reader.end();
    yield* reader.blocks;
  }
}

/** What copy protection has made unreadable; fonts often are, which nobody speaks. */
async function encryptedIn(archive: Archive): Promise<Set<string>> {
  const paths = new Set<string>();
  if (!archive.has(ENCRYPTION)) return paths;
  readXml(await archive.text(ENCRYPTION), {
    open: (name, { URI: path }) => {
      if (name === 'CipherReference' && path) paths.add(pathOf('', path));
    },
    text: () => undefined,
    close: () => undefined,
  });
  return paths;
}

async function spineOf(archive: Archive): Promise<string[]> {
  const packagePath = await packageOf(archive);
  const hrefs = new Map<string, string>();
  const spine: string[] = [];
  readXml(await archive.text(packagePath), {
    open: (name, { id, href, idref, 'media-type': type, linear }) => {
      if (name === 'item' && id && href && type === 'application/xhtml+xml') hrefs.set(id, href);
      if (name === 'itemref' && idref && linear !== 'no') spine.push(idref);
    },
    text: () => undefined,
    close: () => undefined,
  });
  const paths = spine.flatMap((id) => hrefs.get(id) ?? []).map((href) => pathOf(packagePath, href));
  return paths.filter((path) => archive.has(path));
}

/** Names in the archive, never paths of this machine. */
function pathOf(packagePath: string, href: string): string {
  const [path = ''] = href.split('#');
  try {
    return posix.join(posix.dirname(packagePath), decodeURIComponent(path));
  } catch {
    return path;
  }
}

async function packageOf(archive: Archive): Promise<string> {
  let path = '';
  readXml(await archive.text('META-INF/container.xml'), {
    open: (name, attributes) => {
      if (name === 'rootfile' && path === '') path = attributes['full-path'] ?? '';
    },
    text: () => undefined,
    close: () => undefined,
  });
  if (path === '') throw notReadable('does not say what is in it');
  return path;
}

const SILENT = new Set(['head', 'script', 'style', 'svg', 'math', 'nav', 'rt', 'rp']);
const BLOCKS: ReadonlyMap<string, Block['kind']> = new Map([
  ['h1', 'chapter'],
  ['h2', 'chapter'],
  ['h3', 'heading'],
  ['h4', 'heading'],
  ['h5', 'heading'],
  ['h6', 'heading'],
  ['p', 'paragraph'],
  ['div', 'paragraph'],
  ['section', 'paragraph'],
  ['blockquote', 'paragraph'],
  ['li', 'item'],
  ['dt', 'item'],
  ['dd', 'item'],
  ['tr', 'item'],
]);

/** A page of a book: any block ends what was before it. */
class PageReader {
  readonly blocks: Block[] = [];
  #text = '';
  #kind: Block['kind'] = 'paragraph';
  #silentDepth = 0;

  open(name: string): void {
    if (SILENT.has(name)) this.#silentDepth += 1;
    if (name === 'br' || name === 'td' || name === 'th') this.#text += ' ';
    const kind = BLOCKS.get(name);
    if (!kind) return;
    this.end();
    this.#kind = kind;
  }

  text(text: string): void {
    if (this.#silentDepth === 0) this.#text += text;
  }

  close(name: string): void {
    if (SILENT.has(name)) this.#silentDepth -= 1;
    if (BLOCKS.has(name)) this.end();
  }

  end(): void {
    if (this.#text.trim() !== '') this.blocks.push({ kind: this.#kind, text: this.#text });
    this.#text = '';
    this.#kind = 'paragraph';
  }
}
