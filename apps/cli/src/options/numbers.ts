import { InvalidArgumentError } from 'commander';

export function positiveNumber(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** At least 1. */
export function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return Number(text);
}

export function tokenIds(text: string): number[] {
  if (!/^-?\d+(,-?\d+)*$/.test(text)) throw new InvalidArgumentError('It must be token ids, separated by commas.');
  return text.split(',').map(Number);
}
