import { writeFile } from 'node:fs/promises';
import { fileUrl, referenceFiles } from './files.ts';

for (const [path, content] of Object.entries(await referenceFiles())) await writeFile(fileUrl(path), content);
