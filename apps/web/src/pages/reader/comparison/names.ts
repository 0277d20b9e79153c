import type { WireItem } from '@sotto/client';

/** What two items are told apart by: their models, else their titles. */
export function namesOf([first, second]: readonly [WireItem, WireItem]): [string, string] {
  const areTold = first.model !== null && second.model !== null && first.model !== second.model;
  return areTold ? [first.model ?? '', second.model ?? ''] : [first.title, second.title];
}
