/** The part of jsdom that the tests use. */
declare module 'jsdom' {
  /** Prints nothing unless told to. */
  export class VirtualConsole {}
  export class JSDOM {
    constructor(html: string, options: { url: string; virtualConsole: VirtualConsole });
    readonly window: { XMLHttpRequest: unknown; Blob: typeof Blob; File: typeof File; close(): void };
  }
}
