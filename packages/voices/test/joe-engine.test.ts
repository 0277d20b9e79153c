import { jest } from '@jest/globals';
import { describeWith } from '@sotto/testkit';
import { openInstalled, voicesFolder } from './installed-voices.ts';
import { speechEngineContract } from './speech-engine-contract.ts';

jest.setTimeout(300_000);

describeWith(await voicesFolder('joe'), "Piper's joe", (dir) => {
  speechEngineContract(() => openInstalled('joe', dir), { stringsToSpeak: 15 });
});
