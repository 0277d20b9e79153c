export { isDatabaseAway } from './database/faults.ts';
export {
  FOLDER_RIGHTS,
  type FolderRights,
  ITEM_STATES,
  type ItemStatus,
  RATINGS,
  type Rating,
} from './database/schema.ts';
export { DumpReader } from './dump/format.ts';
export type { Feedback, ReviewedFeedback } from './feedback/feedback.ts';
export type { Folder, FolderShare, Rights, SeenFolder } from './folders/folders.ts';
export type { ImportedItem } from './items/archives.ts';
export type { HeldJournal, NewEdit, StoredEdit } from './items/edits.ts';
export type {
  CanonicalTranscript,
  Item,
  ItemAudio,
  ItemChanges,
  ItemFailure,
  KeptTranscript,
  NewItem,
  SearchedContent,
  TextLine,
  TranscriptFacts,
} from './items/item.ts';
export { dumpLibrary, isLibraryEmpty, Library, openLibrary, restoreLibrary } from './library.ts';
export { LibraryError, type LibraryErrorCode } from './library-error.ts';
export type { Link } from './links/links.ts';
export { placeOf, SORTS, type Sort } from './search/cursor.ts';
export type { Hit } from './search/hits.ts';
export type { ItemPage, ListedItem, ListQuery } from './search/list.ts';
