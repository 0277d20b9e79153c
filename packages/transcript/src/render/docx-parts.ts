import { isRightToLeft } from '../scripts.ts';
import type { ReadableDocument } from './document.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const WORD_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';

const style = (id: string, kind: 'paragraph' | 'character', name: string, properties: string): string =>
  `<w:style w:type="${kind}" w:styleId="${id}"><w:name w:val="${name}"/>${properties}</w:style>`;

const STYLES = [
  '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:rPrDefault>',
  '<w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>',
  '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>',
  style('Title', 'paragraph', 'Title', '<w:rPr><w:b/><w:bCs/><w:sz w:val="36"/><w:szCs w:val="36"/></w:rPr>'),
  style('Subtitle', 'paragraph', 'Subtitle', '<w:rPr><w:color w:val="595959"/></w:rPr>'),
  style('Time', 'character', 'Time', '<w:rPr><w:color w:val="595959"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'),
  style('Speaker', 'character', 'Speaker', '<w:rPr><w:b/><w:bCs/></w:rPr>'),
].join('');

/** All parts of the package but the document itself. */
export const PARTS = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `<Override PartName="/word/document.xml" ContentType="${WORD_TYPE}.document.main+xml"/>` +
    `<Override PartName="/word/styles.xml" ContentType="${WORD_TYPE}.styles+xml"/></Types>`,
  '_rels/.rels': relationships('officeDocument', 'word/document.xml'),
  'word/_rels/document.xml.rels': relationships('styles', 'styles.xml'),
  'word/styles.xml': `${XML}<w:styles xmlns:w="${MAIN}">${STYLES}</w:styles>`,
};

function relationships(type: string, target: string): string {
  const one = `<Relationship Id="rId1" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${one}</Relationships>`;
}

/** Right-to-left paragraphs and runs say so; the language is told for the spelling checker. */
export function documentXml({ title, facts, paragraphs }: ReadableDocument, language: string | null): string {
  const isRtl = isRightToLeft(language);
  const runProperties = (isRtl ? '<w:rtl/>' : '') + (language === null ? '' : languageTag(language, isRtl));
  const run = (text: string, runStyle = ''): string =>
    `<w:r><w:rPr>${runStyle}${runProperties}</w:rPr><w:t xml:space="preserve">${escapeText(text)}</w:t></w:r>`;
  const paragraph = (runs: string, paragraphStyle = ''): string =>
    `<w:p><w:pPr>${paragraphStyle}${isRtl ? '<w:bidi/>' : ''}</w:pPr>${runs}</w:p>`;
  const body = [
    ...(title === null ? [] : [paragraph(run(title), '<w:pStyle w:val="Title"/>')]),
    paragraph(run(facts.join(' · ')), '<w:pStyle w:val="Subtitle"/>'),
    ...paragraphs.map(({ time, speaker, text }) =>
      paragraph(
        run(time, '<w:rStyle w:val="Time"/>') +
          (speaker === null ? '' : run(` ${speaker}:`, '<w:rStyle w:val="Speaker"/>')) +
          run(` ${text}`),
      ),
    ),
  ];
  return `${XML}<w:document xmlns:w="${MAIN}"><w:body>\n${body.join('\n')}\n</w:body></w:document>`;
}

function languageTag(language: string, isRtl: boolean): string {
  const tag = escapeText(language);
  return isRtl ? `<w:lang w:bidi="${tag}"/>` : `<w:lang w:val="${tag}" w:eastAsia="${tag}"/>`;
}

/** Also drops what XML 1.0 cannot hold: halves of characters and the two non-characters. */
function escapeText(text: string): string {
  return text
    .replace(/[\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
