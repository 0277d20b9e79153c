/** Runs the thread that tells speakers apart from source: on Node 20, tsx registers itself in the main thread only. */
import { register } from 'tsx/esm/api';

register();
await import('../src/speakers/cluster-thread.ts');
