import { writeFile } from 'node:fs/promises';
import { CLI_DOCUMENT, cliDocument } from './document.ts';

await writeFile(CLI_DOCUMENT, await cliDocument());
