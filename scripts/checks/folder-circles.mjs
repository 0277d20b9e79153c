/**
 * Circles between the rooms of a package: its folders right below src (a file there is a room of its own). Any tool sees a
 * circle between files; this one may be made of files of which none leads back to itself.
 *
 * @param {{ from: string, to: string }[]} imports or includes: paths from the root of the checkout
 * @returns {string[]} one description for each knot of rooms, with an import for each of its arrows
 */
export function folderCircles(imports) {
  return knots(arrowsBetweenRooms(imports)).map(({ house, rooms, arrows }) => {
    const examples = arrows.map(({ from, to }) => `    ${from} -> ${to}`).join('\n');
    return `${house}: ${rooms.join(', ')} import each other in a circle.\n${examples}`;
  });
}

/** House and room of a path; native code has rooms at two heights. */
const PLACES = [
  /^((?:apps|packages)\/[^/]+\/src|bench\/src|scripts)\/([^/]+)/,
  /^(packages\/whisper\/native)\/([^/]+)/,
  /^(packages\/whisper\/native\/[^/]+)\/([^/]+)/,
];

/** House -> room -> room -> one import that makes the arrow. */
function arrowsBetweenRooms(imports) {
  const houses = new Map();
  for (const place of PLACES) {
    for (const example of imports) {
      const [, house, room] = place.exec(example.from) ?? [];
      const [, otherHouse, other] = place.exec(example.to) ?? [];
      if (house === undefined || house !== otherHouse || room === other) continue;
      const rooms = entry(houses, house, () => new Map());
      const imported = entry(rooms, room, () => new Map());
      entry(imported, other, () => example);
    }
  }
  return houses;
}

function knots(houses) {
  return [...houses].flatMap(([house, rooms]) =>
    knotsOf(rooms).map((knot) => ({ house, rooms: [...knot].sort(), arrows: arrowsWithin(rooms, knot) })),
  );
}

/** Sets of rooms that all reach each other. */
function knotsOf(rooms) {
  const reached = new Map([...rooms.keys()].map((room) => [room, reachedFrom(rooms, room)]));
  const found = new Map();
  for (const [room, others] of reached) {
    const knot = [room, ...others].filter((other) => others.has(other) && reached.get(other)?.has(room));
    if (knot.length > 1) found.set([...new Set(knot)].sort().join('\n'), new Set(knot));
  }
  return [...found.values()];
}

function reachedFrom(rooms, start) {
  const seen = new Set();
  const next = [start];
  for (const room of next) {
    for (const other of rooms.get(room)?.keys() ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      next.push(other);
    }
  }
  return seen;
}

function arrowsWithin(rooms, knot) {
  return [...knot].flatMap((room) =>
    [...(rooms.get(room) ?? [])].filter(([other]) => knot.has(other)).map(([, example]) => example),
  );
}

function entry(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
