export * from './address-guard.ts';
export { cpuQuota, wholeCores } from './cpu.ts';
export * from './disk.ts';
export * from './env.ts';
export * from './env-entry.ts';
export * from './env-print.ts';
export * from './env-reload.ts';
export { errorCodeOf } from './error-code.ts';
export * from './guarded-request.ts';
export * from './health-server.ts';
export * from './lifecycle.ts';
export { withLogFields } from './log-context.ts';
export type { LogLevel } from './log-levels.ts';
export { describeError } from './log-line.ts';
export * from './logger.ts';
export * from './memory.ts';
export * from './metrics.ts';
export { envRedisUrl, type RedisAddress, redisAddressOf, redisHostsOf } from './redis-env.ts';
export { readAtMost } from './remote/remote-answer.ts';
export { RemoteFailure } from './remote/remote-failure.ts';
export {
  BREAKER_STATES,
  type BreakerState,
  type RemoteBudget,
  RemoteService,
  type RemoteServiceOptions,
} from './remote/remote-service.ts';
export * from './shared-env.ts';
export { continueTrace, inSpan, RequestTrace, traceId, traceParent } from './tracing.ts';
export { startTracing } from './tracing-sdk.ts';
export * from './unreadable-records.ts';
export * from './unused-names.ts';
export * from './version.ts';
