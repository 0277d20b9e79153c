export { withAge, withoutAge } from './ageless.ts';
export { undocumentedAnswers } from './answers.ts';
export {
  type ApiProcess,
  type AppName,
  type AppOptions,
  appArguments,
  startApi,
  startApp,
  startWorker,
  type WorkerProcess,
} from './app-process.ts';
export { AzureServer, azureSoftware } from './azure-server.ts';
export { BrokenLine } from './broken-line.ts';
export * from './child.ts';
export * from './command.ts';
export * from './crowd.ts';
export * from './curl.ts';
export * from './documented-api.ts';
export * from './documents.ts';
export { cacheFolder, REPOSITORY, temporaryFolder } from './folders.ts';
export { IdentityProviderServer } from './identity-provider.ts';
export * from './leaks.ts';
export { FREQUENT_WORDS, longTranscript } from './long-transcript.ts';
export * from './models.ts';
export * from './nano-speech.ts';
export { npmPackage } from './npm-packages.ts';
export * from './pcm.ts';
export * from './phrase.ts';
export * from './ports.ts';
export { PostgresServer, startPostgres } from './postgres-server.ts';
export { PREVIOUS_COMMIT, previousBuild } from './previous-build.ts';
export { pythonPackages } from './python-packages.ts';
export * from './receiver.ts';
export * from './recordings.ts';
export * from './redis-dump.ts';
export { type Sentinel, startRedisCluster, startSentinel } from './redis-fleet.ts';
export * from './redis-server.ts';
export * from './resources.ts';
export * from './s3-server.ts';
export * from './service.ts';
export * from './speech.ts';
export * from './speech-formats.ts';
export { UnknownRecords } from './unknown-records.ts';
export * from './voices.ts';
export * from './wait-for.ts';
export * from './whisper-cli.ts';
export * from './word-alignment.ts';
export * from './word-differences.ts';
export * from './word-errors.ts';
export * from './word-starts.ts';
