/** One way of writing that is read in another way. */
export interface Rule {
  /** For tests and for people. */
  name: string;
  /** Global; in linear time for any text, so without nested or adjoining repetitions of the same characters. */
  pattern: RegExp;
  /** What is said instead of a match; null: this is something else. */
  say(match: RegExpExecArray): string | null;
}
