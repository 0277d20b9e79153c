import type { RequestHandler } from 'express';
import type { ErrorShape } from './error-shape.ts';
import { localsOf } from './locals.ts';

/** Errors of every address below where this is mounted have that shape, those of addresses that do not exist too. */
export function speakErrors(shape: ErrorShape): RequestHandler {
  return (_request, response, next) => {
    localsOf(response).errorShape = shape;
    next();
  };
}
