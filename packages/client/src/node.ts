/** What needs Node; everything else is in `@sotto/client`. */
export { fileSource } from './file-source.ts';
