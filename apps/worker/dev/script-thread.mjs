/** Runs the thread that reads texts from source: on Node 20, tsx registers itself in the main thread only. */
import { register } from 'tsx/esm/api';

register();
await import('../src/synthesis/text/reading/script-thread.ts');
