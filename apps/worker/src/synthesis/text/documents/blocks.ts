/** A document as what is read of it, one after another, from whichever format it comes. */
export interface Block {
  /** `chapter`: a heading that begins one. */
  kind: 'chapter' | 'heading' | 'paragraph' | 'item';
  text: string;
}
