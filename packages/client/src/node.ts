/** What only Node can do; everything else is in `@sotto/client`. */
export { fileSource } from './file-source.ts';
