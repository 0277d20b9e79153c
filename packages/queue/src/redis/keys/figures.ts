/** Of the figures of the whole service. */
export class FigureKeys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** String that expires: ServiceFigures as JSON, as they were last taken. */
  get taken(): string {
    return `${this.#prefix}:figures`;
  }

  /** String that expires: there while the figures that were taken last are young enough for everybody. */
  get lease(): string {
    return `${this.#prefix}:figures:lease`;
  }

  /** Hash that expires: what the last sweep found, and totals of all. */
  get sweep(): string {
    return `${this.#prefix}:figures:sweep`;
  }
}
