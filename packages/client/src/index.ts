export type { CaptionShape } from './caption-shape.ts';
export * from './client.ts';
export { ConnectionError, UnexpectedAnswerError } from './errors.ts';
export type { FollowOptions, JobEvent } from './event-stream.ts';
export type { Call, HttpOptions } from './http.ts';
export type { TranscribeOptions } from './transcribe-fields.ts';
export type { UploadProgress } from './upload-call.ts';
export type { RecordingSource, StreamSource, UploadSource } from './upload-source.ts';
