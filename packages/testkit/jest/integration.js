import { jest } from '@jest/globals';

// Real processes on a machine that may be busy: a test ends when its condition holds; this only bounds one that hangs.
jest.setTimeout(120_000);
