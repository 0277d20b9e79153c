import type { Endpoint } from '../http/endpoint.ts';
import { type ArchiveDeps, archiveEndpoints } from './archive-endpoints.ts';
import { contentEndpoints } from './content-endpoints.ts';
import { dumpEndpoints } from './dump-endpoint.ts';
import { editEndpoints } from './edit-endpoints.ts';
import { feedbackEndpoints } from './feedback-endpoints.ts';
import { folderEndpoints } from './folder-endpoints.ts';
import { itemEndpoints } from './item-endpoints.ts';
import { linkEndpoints } from './link-endpoints.ts';
import { librarySettingsEndpoints } from './settings-endpoints.ts';

/** All calls of the library. Fixed paths come before those with an id in their place. */
export function libraryEndpoints(deps: ArchiveDeps): Endpoint[] {
  return [
    ...folderEndpoints(deps),
    ...archiveEndpoints(deps),
    ...librarySettingsEndpoints(deps),
    ...itemEndpoints(deps),
    ...contentEndpoints(deps),
    ...editEndpoints(deps),
    ...linkEndpoints(deps),
    ...feedbackEndpoints(deps),
    ...dumpEndpoints(deps),
  ];
}
