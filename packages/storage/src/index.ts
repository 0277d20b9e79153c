export {
  audioKeyOf,
  audioNameOf,
  blobKey,
  blobNameOf,
  decodedKeysOf,
  heardKeyOf,
  heardNameOf,
  kindOf,
  ownerOfVoiceFile,
  pieceKeyOf,
  pieceNameOf,
  resultKeyOf,
  runIdOfAudio,
  voiceFileKey,
  voiceFileName,
} from './blob-key.ts';
export * from './blob-store.ts';
export { FileBlobStore } from './file-blob-store.ts';
export { keptPieceName, ownerOfKeptPiece, pieceOwner } from './kept-pieces.ts';
export { batchIdOf, batchManifestName, blobKeysOf, type ListedManifest, Manifests } from './manifests.ts';
export { openBlobStore } from './open-blob-store.ts';
export type { S3Encryption, S3Settings } from './s3/settings.ts';
export { type StorageEnv, storageEnv } from './storage-env.ts';
