export type TextFiles = Readonly<Record<string, string>>;

/** How texts, by their names, become an archive: whoever tests has a library for that. */
export type Zip = (files: TextFiles) => Uint8Array;

const CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>';

/** @param style what stands in its properties, as `<w:pStyle w:val="Heading1"/>` */
export const docxParagraph = (text: string, style = ''): string =>
  `<w:p><w:pPr>${style}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;

/** A document of Word. @param body WordprocessingML, see docxParagraph */
export const docx = (zip: Zip, body: string, more: TextFiles = {}): Uint8Array =>
  zip({ 'word/document.xml': `<?xml version="1.0"?><w:document><w:body>${body}</w:body></w:document>`, ...more });

/** A book: pages of XHTML by their names, in their order. */
export function epub(
  zip: Zip,
  pages: TextFiles,
  { container = CONTAINER, more = {} }: { container?: string; more?: TextFiles } = {},
): Uint8Array {
  const names = Object.keys(pages);
  const items = names.map((name) => `<item id="${name}" href="${name}.xhtml" media-type="application/xhtml+xml"/>`);
  const spine = names.map((name) => `<itemref idref="${name}"/>`);
  const files = Object.entries(pages).map(([name, body]) => [
    `OPS/${name}.xhtml`,
    `<!DOCTYPE html><html><head><title>no</title></head><body>${body}</body></html>`,
  ]);
  return zip({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': container,
    'OPS/book.opf': `<package><manifest>${items.join('')}</manifest><spine>${spine.join('')}</spine></package>`,
    ...Object.fromEntries(files),
    ...more,
  });
}
