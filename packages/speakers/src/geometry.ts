/** Sizes that the networks were trained with. */
export const SAMPLE_RATE = 16_000;

/** What the segmentation network hears at once. */
export const CHUNK_SAMPLES = 160_000;
export const CHUNK_FRAMES = 589;
export const LOCAL_SPEAKERS = 3;
/** From one of its frames to the next: 16.875 ms. */
export const FRAME_SAMPLES = 270;
/** From a frame's first sample to its centre: half of the 991 samples that it depends on. */
const FRAME_CENTRE_SAMPLES = 495.5;

export const MEL_BINS = 80;
export const FEATURE_SAMPLES = 160;
/** Of the trunk's frames. */
export const TRUNK_FEATURES = 8;
export const TRUNK_SAMPLES = FEATURE_SAMPLES * TRUNK_FEATURES;
export const TRUNK_WIDTH = 2560;
/** A frame of the trunk is exact with so many features either side of its first. */
export const TRUNK_CONTEXT = 112;

export const EMBEDDING_WIDTH = 256;

/** Where frame `index` of the recording begins to count, in seconds. */
export const secondsOfFrame = (index: number): number => (index * FRAME_SAMPLES + FRAME_CENTRE_SAMPLES) / SAMPLE_RATE;

/** The first frame that counts from `seconds` on. */
export const frameAtSecond = (seconds: number): number =>
  Math.max(0, Math.ceil((seconds * SAMPLE_RATE - FRAME_CENTRE_SAMPLES) / FRAME_SAMPLES));

/** The frame of the recording with which a chunk begins. */
export const frameOfSample = (sample: number): number => Math.round(sample / FRAME_SAMPLES);
