/** What is there where sound is processed, which the compiler's own descriptions leave out. */
declare const sampleRate: number;

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

declare function registerProcessor(
  name: string,
  processor: new () => AudioWorkletProcessor & { process(inputs: readonly Float32Array[][]): boolean },
): void;
