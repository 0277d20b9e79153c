export { type WorkerEnv, workerEnvSchema } from './env.ts';
