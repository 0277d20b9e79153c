/**
 * `drift`, `newer`: this build cannot use the database (see database/migrations.ts). `locked`: another process has the
 * PGlite folder open. `folder`: a PGlite folder that cannot be used. `not_empty`, `damaged`: of a restore (dump/).
 */
export type LibraryErrorCode = 'drift' | 'newer' | 'locked' | 'folder' | 'not_empty' | 'damaged';

/** Why the library cannot be opened or restored, in words for its operator. */
export class LibraryError extends Error {
  readonly code: LibraryErrorCode;

  constructor(code: LibraryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LibraryError';
    this.code = code;
  }
}
