import type { ErrorCode } from '@sotto/contracts';
import type { BlobStore } from '@sotto/storage';
import type { LeaveDeps } from '../jobs/leave.ts';
import type { Results } from '../results/results.ts';
import type { ApiSettings } from '../settings/settings.ts';
import type { Journals } from './journals.ts';
import type { LibraryStore } from './library-store.ts';
import type { SearchFollower } from './search-follower.ts';

export interface LibraryDeps extends LeaveDeps {
  library: LibraryStore;
  journals: Journals;
  searchFollower: SearchFollower;
  results: Results;
  storage: BlobStore;
  settings: ApiSettings;
}

/** What any call of the library may answer. */
export const LIBRARY_ERRORS: ErrorCode[] = ['library_off', 'library_unavailable'];
/** What any call about one item may answer. */
export const ITEM_ERRORS: ErrorCode[] = [...LIBRARY_ERRORS, 'item_not_found', 'forbidden'];
