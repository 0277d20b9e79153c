/** Runs the render thread from source: on Node 20, tsx registers itself in the main thread only. */
import { register } from 'tsx/esm/api';

register();
await import('../src/render-thread.ts');
