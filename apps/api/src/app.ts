import { SottoError } from '@sotto/contracts';
import { builtPage, PAGE_PATH, pageRouter } from '@sotto/page';
import { type CostUnit, FairShares } from '@sotto/queue';
import { type Express, default as express } from 'express';
import { DASHBOARD_PATH, dashboardRouter } from './admin/dashboard.ts';
import { adminJobEndpoints } from './admin/jobs.ts';
import { keyEndpoints } from './admin/keys.ts';
import { modelOperationEndpoints } from './admin/model-operations.ts';
import { adminModelEndpoints } from './admin/models.ts';
import { overviewEndpoint } from './admin/overview.ts';
import { reloadEndpoint } from './admin/reload.ts';
import { verifyEndpoint } from './admin/verify.ts';
import { adminWebhookEndpoints } from './admin/webhooks.ts';
import { workerEndpoints } from './admin/workers.ts';
import { asrEndpoints, forgiveSlashes } from './asr/endpoints.ts';
import { auditRequests } from './audit/audit-requests.ts';
import { auditEndpoint } from './audit/endpoints.ts';
import { batchEndpoints } from './batches/endpoints.ts';
import { deepgramEndpoints } from './deepgram/endpoints.ts';
import { deepgramErrors } from './deepgram/errors.ts';
import { listenEndpoint } from './deepgram/live/endpoint.ts';
import type { ApiDeps } from './deps.ts';
import { dictionaryEndpoints } from './dictionaries/endpoints.ts';
import { asyncApiDocument } from './docs/asyncapi.ts';
import { openApiDocument } from './docs/openapi.ts';
import { documentationEndpoints } from './docs/pages.ts';
import { welcomeEndpoint } from './docs/welcome.ts';
import { voiceEndpoints } from './enrolment/endpoints.ts';
import { eventsEndpoint } from './events/endpoints.ts';
import { Sampled } from './fleet/sampled.ts';
import { WorkerDirectory } from './fleet/worker-directory.ts';
import { Admission } from './http/admission.ts';
import type { Endpoint } from './http/endpoint.ts';
import { answerNotFound, handleErrors } from './http/errors.ts';
import { crossOrigin, securityHeaders } from './http/headers.ts';
import { knownHostsOnly } from './http/known-host.ts';
import { OpenStreams } from './http/open-streams.ts';
import { ReadBudget } from './http/read-budget.ts';
import { routerOf } from './http/register.ts';
import { nameRequest } from './http/request-id.ts';
import { recordRequests } from './http/request-log.ts';
import { RequestMetrics } from './http/request-metrics.ts';
import { Shutdown } from './http/shutdown.ts';
import { speakErrors } from './http/speak-errors.ts';
import { traceRequests } from './http/trace-requests.ts';
import { jobEndpoints } from './jobs/endpoints.ts';
import { speakersEndpoint } from './jobs/speakers.ts';
import { languagesEndpoint } from './languages/endpoint.ts';
import { libraryEndpoints } from './library/endpoints.ts';
import { LiveService } from './live/live-service.ts';
import { liveEndpoint } from './live/own/endpoint.ts';
import { modelEndpoints } from './models/endpoints.ts';
import { openAiEndpoints } from './openai/endpoints.ts';
import { openAiErrors, openAiErrorsOf } from './openai/errors.ts';
import { realtimeEndpoints } from './openai/realtime/endpoints.ts';
import { openAiSpeechEndpoints } from './openai/speech/endpoints.ts';
import { consentEndpoints } from './openai/voices/consents.ts';
import { createVoiceEndpoint } from './openai/voices/create-voice.ts';
import { deleteVoiceEndpoint } from './openai/voices/delete-voice.ts';
import { healthEndpoints } from './operations/health.ts';
import { addServiceMetrics, metricsEndpoint } from './operations/metrics.ts';
import { addProcessMetrics } from './operations/process-metrics.ts';
import { ownVoiceEndpoints } from './own-voices/endpoints.ts';
import { FILE_FIELDS } from './own-voices/hear-file.ts';
import { resumableEndpoints } from './resumable/endpoints.ts';
import { oidcEndpoints } from './sign-in/oidc.ts';
import { ownKeyEndpoints } from './sign-in/own-keys.ts';
import { profileEndpoints } from './sign-in/profile.ts';
import { sessionEndpoints } from './sign-in/sessions.ts';
import { dubEndpoints } from './speech/dub/dub.ts';
import { voiceSampleEndpoint } from './speech/sample/endpoint.ts';
import { speakEndpoint } from './speech/speak.ts';
import { VoiceDirectory } from './speech/voice-directory.ts';
import { spokenVoicesEndpoint } from './speech/voices.ts';
import { resultEndpoint } from './transcriptions/result.ts';
import { searchEndpoint } from './transcriptions/search.ts';
import { transcribeEndpoint } from './transcriptions/transcribe.ts';
import { usageEndpoints } from './usage/endpoints.ts';
import { voiceUsageEndpoints } from './usage/voice-endpoints.ts';
import { vocabularyEndpoints } from './vocabularies/endpoints.ts';
import { webhookEndpoints } from './webhooks/endpoints.ts';

/** Estimates may be so old. */
const SHARES_SAMPLE_MS = 1_000;

/** The application, ready to serve and listening nowhere. */
export function buildApp(deps: ApiDeps): Express {
  const { settings, logger, registry } = deps;
  const directory = new WorkerDirectory(deps.heartbeats);
  const shutdown = new Shutdown(deps.stopping, settings.shutdownGraceMs);
  const endpoints = allEndpoints(deps, directory, shutdown);
  addProcessMetrics(registry, deps);
  addServiceMetrics(registry, deps.figures, directory);

  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.set('trust proxy', settings.trustProxy);
  app.use(nameRequest);
  if (settings.isTraced) app.use(traceRequests);
  app.use(recordRequests(logger, new RequestMetrics(registry)), auditRequests(deps));
  app.use(securityHeaders());
  app.use(knownHostsOnly(settings));
  const cors = crossOrigin(settings.corsOrigins);
  if (cors !== null) app.use(cors);
  app.use(DASHBOARD_PATH, dashboardRouter(deps));
  if (settings.pageEnabled) {
    const page = pageRouter(builtPage(import.meta.url), (code, detail) => new SottoError(code, detail));
    app.use(PAGE_PATH, page);
  }
  app.use(['/audio', '/v1/audio', '/v1/models', '/realtime', '/v1/realtime'], speakErrors(openAiErrors));
  app.use(['/audio/voices', '/v1/audio/voices'], speakErrors(openAiErrorsOf(FILE_FIELDS.voice)));
  app.use(['/audio/voice_consents', '/v1/audio/voice_consents'], speakErrors(openAiErrorsOf(FILE_FIELDS.consent)));
  app.use(['/listen', '/v1/listen'], speakErrors(deepgramErrors));
  app.use(forgiveSlashes);
  const router = routerOf(endpoints, {
    ...deps,
    readBudget: new ReadBudget(),
    openStreams: new OpenStreams(settings),
    admission: new Admission({ ...deps, shutdown }),
  });
  app.use('/v1', router);
  app.use(router);
  app.use(answerNotFound);
  app.use(handleErrors(logger));
  return app;
}

function allEndpoints(deps: ApiDeps, directory: WorkerDirectory, shutdown: Shutdown): Endpoint[] {
  const { settings, registry } = deps;
  const sharesOf = (unit: CostUnit) =>
    new Sampled(SHARES_SAMPLE_MS, async () => new FairShares(await deps.backlog.runs(unit)));
  const shares = { audio_ms: sharesOf('audio_ms'), characters: sharesOf('characters') };
  const voiceDirectory = new VoiceDirectory(directory, deps.speechOffers);
  const shared = { ...deps, shares, directory, shutdown, voiceDirectory };
  const live = new LiveService({ ...shared, sessions: deps.liveSessions, events: deps.liveEvents });
  const onError = (error: SottoError) => deps.logger.error('A live connection failed', { code: error.code, error });
  const doors = { ...shared, live, onError };
  const endpoints: Endpoint[] = [
    transcribeEndpoint(shared),
    ...resumableEndpoints({
      ...deps,
      // Read when they are needed: they may change while the process runs.
      get maxFileBytes() {
        return settings.maxFileBytes;
      },
      get keepMs() {
        return settings.uploadKeepMs;
      },
      get idleMs() {
        return settings.uploadIdleMs;
      },
    }),
    ...jobEndpoints(shared),
    speakersEndpoint(shared),
    resultEndpoint(shared),
    searchEndpoint(shared),
    eventsEndpoint(shared),
    liveEndpoint({ ...shared, live }),
    ...realtimeEndpoints(doors),
    listenEndpoint(doors),
    ...libraryEndpoints(shared),
    speakEndpoint(shared),
    ...dubEndpoints(shared),
    spokenVoicesEndpoint(shared),
    voiceSampleEndpoint(shared),
    ...vocabularyEndpoints(deps),
    ...dictionaryEndpoints(deps),
    ...voiceEndpoints(shared),
    ...ownVoiceEndpoints(shared),
    ...batchEndpoints(shared),
    ...webhookEndpoints(shared),
    ...openAiEndpoints(shared),
    ...openAiSpeechEndpoints(shared),
    ...consentEndpoints(shared),
    createVoiceEndpoint(shared),
    deleteVoiceEndpoint(shared),
    ...asrEndpoints(shared),
    ...deepgramEndpoints(shared),
    ...modelEndpoints(shared),
    languagesEndpoint(shared),
    verifyEndpoint(settings),
    ...sessionEndpoints(deps),
    ...oidcEndpoints(deps),
    ...profileEndpoints(deps),
    ...ownKeyEndpoints(deps),
    ...keyEndpoints(deps),
    ...usageEndpoints(deps),
    ...voiceUsageEndpoints(deps),
    auditEndpoint(deps),
    overviewEndpoint(shared),
    ...adminJobEndpoints(shared),
    ...adminWebhookEndpoints(shared),
    ...workerEndpoints(shared),
    reloadEndpoint(deps),
    ...adminModelEndpoints(shared),
    ...modelOperationEndpoints(shared),
    ...healthEndpoints({ ...shared, startedAtMs: Date.now() }),
    welcomeEndpoint(settings.version),
    ...(settings.metricsEnabled ? [metricsEndpoint(registry)] : []),
  ];
  const documentation = documentationEndpoints(() => document, asyncApiDocument(settings.version));
  const document = openApiDocument([...endpoints, ...documentation], settings.version);
  return [...endpoints, ...documentation];
}
