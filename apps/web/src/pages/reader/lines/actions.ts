/** What can be done with lines, by their ids. */
export interface LineActions {
  hear(atMs: number): void;
  activate(id: string, isRange: boolean): void;
  startEditing(id: string): void;
  /** Goes on being typed. */
  save(id: string, text: string): void;
  stopEditing(id: string, text: string): void;
  split(id: string, text: string, character: number): void;
  mergeIntoPrevious(id: string, text: string): void;
  chooseSpeaker(id: string): void;
  restore(id: string): void;
}
