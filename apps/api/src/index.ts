export { buildApp } from './app.ts';
export type { ApiDeps } from './deps.ts';
export { apiEnv } from './settings/env.ts';
