import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { type ScriptBuilder, USUAL_MANNER } from '../../script/build.ts';
import { oneLine } from '../../script/clean.ts';
import { PAUSES, pauseAfter } from '../../script/pauses.ts';
import { tamed } from './tame.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Block = Root['children'][number];
type BlockOf<Kind extends Block['type']> = Extract<Block, { type: Kind }>;
type Inline = BlockOf<'paragraph'>['children'][number];
type Parent = Root | Extract<Block, { children: unknown }>;

/** Deeper headings are only read. */
const DEEPEST_CHAPTER = 2;

const FRONT_MATTER = /^---\n(?:(?!---\n).*\n){0,200}---(?:\n|$)/;

/**
 * Reads Markdown into a script: what a person would read aloud of it.
 *
 * @throws SottoError invalid_parameter: marks that nobody would write
 */
export function readMarkdown(text: string, builder: ScriptBuilder): void {
  const tree = fromMarkdown(tamed(text.replace(FRONT_MATTER, '')), {
    extensions: [gfmTable()],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
  new MarkdownReader(builder).blocks(tree);
}

class MarkdownReader {
  readonly #builder: ScriptBuilder;

  constructor(builder: ScriptBuilder) {
    this.#builder = builder;
  }

  blocks(parent: Root | BlockOf<'blockquote'>): void {
    for (const child of parent.children) this.#block(child);
  }

  #block(node: Block): void {
    if (node.type === 'heading') this.#heading(textOf(node), node.depth);
    else if (node.type === 'paragraph') this.#say(textOf(node), PAUSES.paragraph);
    else if (node.type === 'list') this.#list(node);
    else if (node.type === 'blockquote') this.blocks(node);
    else if (node.type === 'table') this.#table(node);
    else if (node.type === 'thematicBreak') this.#builder.pauseAtLeast(PAUSES.beforeHeading);
    else if (node.type === 'code') this.#builder.warn('code_not_read', 'Blocks of code are not read.');
  }

  #heading(title: string, depth: number): void {
    if (depth <= DEEPEST_CHAPTER && title !== '') this.#builder.chapter(title);
    else this.#builder.pauseAtLeast(PAUSES.beforeHeading);
    this.#say(title, PAUSES.paragraph);
  }

  /** Items of a numbered list are read with their numbers. */
  #list({ children, ordered, start }: BlockOf<'list'>): void {
    for (const [index, item] of children.entries()) {
      const [first, ...others] = item.children;
      const number = ordered ? `${(start ?? 1) + index}: ` : '';
      if (first?.type === 'paragraph') this.#item(number + textOf(first));
      else if (first) this.#block(first);
      for (const other of others) this.#block(other);
    }
    this.#builder.pauseAtLeast(PAUSES.paragraph);
  }

  #item(text: string): void {
    this.#say(text, pauseAfter(text, PAUSES.sentence));
  }

  /** Row by row, each cell after the heading of its column. */
  #table({ children: [head, ...rows] }: BlockOf<'table'>): void {
    const titles = head?.children.map(textOf) ?? [];
    for (const row of rows) {
      const cells = row.children.map((cell, column) => labelled(titles[column] ?? '', textOf(cell)));
      this.#item(cells.filter((cell) => cell !== '').join(', '));
    }
    if (rows.length === 0) this.#item(titles.join(', '));
    this.#builder.pauseAtLeast(PAUSES.paragraph);
  }

  #say(text: string, pauseMs: number): void {
    this.#builder.line([{ text, manner: USUAL_MANNER }], pauseMs);
  }
}

const labelled = (title: string, cell: string): string => (title === '' || cell === '' ? cell : `${title}: ${cell}`);

/** Links by their text, pictures by what stands for them, without HTML. */
const textOf = (node: Parent): string => oneLine(node.children.map((child) => inlineText(child as Inline)).join(''));

function inlineText(node: Inline): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value;
  if (node.type === 'break') return ' ';
  if (node.type === 'image' || node.type === 'imageReference') return node.alt ?? '';
  return 'children' in node ? node.children.map(inlineText).join('') : '';
}
