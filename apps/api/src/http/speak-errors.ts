import type { RequestHandler } from 'express';
import type { ErrorShape } from './error-shape.ts';
import { localsOf } from './locals.ts';

/** Gives that shape to all errors below the path where this is mounted, including those of unknown paths. */
export function speakErrors(shape: ErrorShape): RequestHandler {
  return (_request, response, next) => {
    localsOf(response).errorShape = shape;
    next();
  };
}
