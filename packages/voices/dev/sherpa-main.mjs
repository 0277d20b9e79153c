/** Runs an engine's process from source: on Node 20, it has to be told how to read TypeScript. */
import { register } from 'tsx/esm/api';

register();
await import('../src/sherpa/main.ts');
