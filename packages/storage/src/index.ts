export { blobKey, kindOf } from './blob-key.ts';
export * from './blob-store.ts';
export { FileBlobStore } from './file-blob-store.ts';
