import type { LiveEvent } from '@sotto/client';

/** Shows events as they come. */
export interface Printer {
  show(event: LiveEvent): void;
  /** Nothing more comes. */
  end(): void;
}

type Output = Pick<NodeJS.WriteStream, 'write'> & { columns?: number };

/** The row that is being written, empty, with the cursor at its beginning. */
const CLEARED = '\r\x1b[K';
const USUAL_COLUMNS = 80;
/** From here on, characters of East Asia are two columns wide. */
const WIDE_FROM = 0x1100;

export function jsonPrinter(output: Output): Printer {
  return { show: (event) => output.write(`${JSON.stringify(event)}\n`), end: () => {} };
}

/** For programs: words as soon as they are final, a line for each utterance. */
export function linePrinter(output: Output): Printer {
  let isOpen = false;
  const close = () => {
    if (isOpen) output.write('\n');
    isOpen = false;
  };
  return {
    show: (event) => {
      if (event.type !== 'final') return;
      if (event.text !== '') {
        output.write(isOpen ? ` ${event.text}` : event.text);
        isOpen = true;
      }
      if (event.is_last) close();
    },
    end: close,
  };
}

/** For people: the last row shows what is being said, and changes until the utterance is over. */
export function terminalPrinter(output: Output): Printer {
  let final = '';
  const joined = (text: string) => [final, text].filter((part) => part !== '').join(' ');
  const close = () => {
    output.write(final === '' ? CLEARED : `${CLEARED}${final}\n`);
    final = '';
  };
  return {
    show: (event) => {
      if (event.type === 'partial') {
        output.write(CLEARED + lastColumns(joined(event.text), (output.columns ?? USUAL_COLUMNS) - 1));
      } else if (event.type === 'cleared') {
        final = '';
        output.write(CLEARED);
      } else if (event.type === 'final') {
        final = joined(event.text);
        if (event.is_last) close();
      }
    },
    end: close,
  };
}

/** The end of a text, as much as fits: a row that wraps could not be taken back. */
export function lastColumns(text: string, columns: number): string {
  const characters = [...text];
  let width = 0;
  let from = characters.length;
  while (from > 0) {
    width += (characters[from - 1]?.codePointAt(0) ?? 0) >= WIDE_FROM ? 2 : 1;
    if (width > columns) break;
    from -= 1;
  }
  return characters.slice(from).join('');
}
