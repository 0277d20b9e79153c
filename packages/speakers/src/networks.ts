/** The networks that hear speakers, as `SpeakerNetworks` of @sotto/whisper has them. All sounds are 16 kHz mono. */
export interface Networks {
  /**
   * Which of three local speakers are heard in chunks of 10 s, one every `stepSamples`.
   * @returns [chunks][589][7]: how probable it is that nobody speaks, 0, 1, 2, 0 and 1, 0 and 2, 1 and 2
   */
  segment(pcm: Int16Array, stepSamples: number, chunks: number): Promise<Float32Array>;
  /** Log-fbank. @returns [frames][80], one every 10 ms */
  features(pcm: Int16Array): Promise<Float32Array>;
  /** What a voice sounds like. @param features [n][80] @returns [ceil(n / 8)][2560] */
  trunk(features: Float32Array): Promise<Float32Array>;
  /** @param frames [n][2560] of the trunk @param masks [voices][n] @returns [voices][256] */
  embed(frames: Float32Array, masks: Float32Array): Promise<Float32Array>;
}
