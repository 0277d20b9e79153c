/** The package has no types; this is the part the tests use. */
declare module 'commonmark' {
  export interface Node {
    type: string;
    literal: string | null;
    parent: Node | null;
    walker(): { next(): { entering: boolean; node: Node } | null };
  }
  export class Parser {
    parse(text: string): Node;
  }
}
