import { answerTask } from '../../../on-thread.ts';
import { documentScript } from '../documents/document-script.ts';
import type { ReadingTask } from './read-script.ts';

await answerTask(({ bytes, format, options }: ReadingTask) => documentScript(Buffer.from(bytes), format, options));
