import { arch, platform } from 'node:os';
import { join } from 'node:path';

export const RUNTIME_VERSION = '1.13.8';
export const ESPEAK_DATA_VERSION = '1.52';

// Every path in the folder of voices is made here. What begins with a dot is not finished, or a lock.

/** Where voices are, beside the models of Whisper. */
export const voicesFolder = (modelDir: string): string => join(modelDir, 'voices');

/** As the packages of sherpa-onnx name it: `linux-x64`. */
export const runtimePlatform = (): string => `${platform()}-${arch()}`;

/** Of the program that the voices run in; named by platform, since machines of several may share the folder. */
export const runtimeName = (): string => `sherpa-onnx-${RUNTIME_VERSION}-${runtimePlatform()}`;

export const ESPEAK_DATA_NAME = `espeak-ng-data-${ESPEAK_DATA_VERSION}`;

export const partPath = (dir: string, name: string): string => join(dir, name);
export const partWorkPath = (dir: string, name: string): string => join(dir, `.${name}.work`);
export const partLockPath = (dir: string, name: string): string => join(dir, `.${name}.lock`);

/** The package that is loaded. */
export const runtimePackage = (dir: string): string =>
  join(partPath(dir, runtimeName()), 'node_modules', 'sherpa-onnx-node');
