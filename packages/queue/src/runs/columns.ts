/**
 * JSON by columns. A list of objects with the same keys becomes one list for each key, so that like values lie side by
 * side: compressed, a long transcript takes less than half as much. Nothing is lost: `fromColumns` returns what
 * JSON.parse(JSON.stringify(value)) would.
 *
 * A list is written as a list that begins with its form:
 *
 * - `['list', ...items]`;
 * - `['objects', { key: list }]`, of objects with the same keys in the same order;
 * - `['lists', lengths, joined]`, of lists;
 * - `['differences', ...]`, of integers: each one less the one before;
 * - `['floats', ...]`, of numbers: 32-bit floats with no more digits than that takes, any other number as a string.
 */
export function toColumns(value: unknown): unknown {
  if (Array.isArray(value)) return packedList(value);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toColumns(member)]));
}

export function fromColumns(packed: unknown): unknown {
  if (Array.isArray(packed)) return unpackedList(packed);
  if (!isObject(packed)) return packed;
  return Object.fromEntries(Object.entries(packed).map(([key, member]) => [key, fromColumns(member)]));
}

function packedList(list: readonly unknown[]): unknown[] {
  const [first] = list;
  if (list.length > 1) {
    if (list.every((item) => Array.isArray(item))) return packedLists(list);
    if (isObject(first)) return packedObjects(list, Object.keys(first)) ?? plainList(list);
    if (list.every(Number.isFinite)) return packedNumbers(list as readonly number[]);
  }
  return plainList(list);
}

const plainList = (list: readonly unknown[]): unknown[] => ['list', ...list.map(toColumns)];

function packedLists(lists: readonly unknown[][]): unknown[] {
  return ['lists', toColumns(lists.map(({ length }) => length)), toColumns(lists.flat())];
}

/** null: they have different keys, or none. */
function packedObjects(list: readonly unknown[], keys: readonly string[]): unknown[] | null {
  // Assigned as a member, __proto__ would be lost.
  if (keys.length === 0 || keys.includes('__proto__') || !list.every((item) => hasKeys(item, keys))) return null;
  const objects = list as readonly Record<string, unknown>[];
  return ['objects', Object.fromEntries(keys.map((key) => [key, toColumns(objects.map((item) => item[key]))]))];
}

/** In the form that is shorter. */
function packedNumbers(numbers: readonly number[]): unknown[] {
  const plain = ['list', ...numbers];
  const packed = numbers.every(Number.isSafeInteger)
    ? packedIntegers(numbers)
    : ['floats', ...numbers.map(packedFloat)];
  return packed !== null && lengthOf(packed) < lengthOf(plain) ? packed : plain;
}

/** null: they lie too far apart for exact differences. */
function packedIntegers(numbers: readonly number[]): unknown[] | null {
  const differences = numbers.map((number, at) => number - (numbers[at - 1] ?? 0));
  return differences.every(Number.isSafeInteger) ? ['differences', ...differences] : null;
}

/** Nine digits tell any two 32-bit floats apart (IEEE 754), and often eight do. */
function packedFloat(number: number): number | string {
  if (Math.fround(number) !== number) return String(number);
  const short = Number(number.toPrecision(8));
  return Math.fround(short) === number ? short : Number(number.toPrecision(9));
}

function unpackedList([form, ...rest]: readonly unknown[]): unknown[] {
  switch (form) {
    case 'lists':
      return unpackedLists(fromColumns(rest[0]) as number[], fromColumns(rest[1]) as unknown[]);
    case 'objects':
      return unpackedObjects(rest[0] as Record<string, unknown>);
    case 'differences':
      return unpackedIntegers(rest as number[]);
    case 'floats':
      return rest.map((item) => (typeof item === 'number' ? Math.fround(item) : Number(item)));
    default:
      return rest.map(fromColumns);
  }
}

function unpackedLists(lengths: readonly number[], joined: readonly unknown[]): unknown[][] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return joined.slice(end - length, end);
  });
}

function unpackedObjects(packed: Record<string, unknown>): Record<string, unknown>[] {
  const columns = Object.entries(packed).map(([key, list]) => [key, fromColumns(list) as unknown[]] as const);
  const length = columns[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, at) => {
    const object: Record<string, unknown> = {};
    for (const [key, list] of columns) object[key] = list[at];
    return object;
  });
}

function unpackedIntegers(differences: readonly number[]): number[] {
  let sum = 0;
  return differences.map((difference) => {
    sum += difference;
    return sum;
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** In that order. JSON has no members that are undefined. */
function hasKeys(item: unknown, keys: readonly string[]): boolean {
  if (!isObject(item) || Array.isArray(item)) return false;
  const own = Object.keys(item);
  return own.length === keys.length && own.every((key, at) => key === keys[at] && item[key] !== undefined);
}

const lengthOf = (list: readonly unknown[]): number => JSON.stringify(list).length;
