import { afterEach, jest } from '@jest/globals';
import { expectDocumentedAnswers } from '../src/answers.ts';

// Real processes on a machine that may be busy: a test ends when its condition holds; this only bounds one that hangs.
jest.setTimeout(120_000);

// Whatever a test is about and however it asks: what an API process answers is what its OpenAPI document says.
afterEach(expectDocumentedAnswers);
