/** What Whisper hears, and so the service: nothing is gained by sending more. */
export const RATE_HZ = 16_000;
/** A tenth of a second. */
export const CHUNK_SAMPLES = 1_600;
