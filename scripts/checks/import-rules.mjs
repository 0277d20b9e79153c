/**
 * What may import what (docs/architecture.md), as rules of dependency-cruiser. A rule's comment is what somebody reads who
 * breaks it.
 */
const TESTS = ['\\.test\\.(ts|mjs)$', '^[^/]+/[^/]+/test/'];

const nodeModule = (...names) => names.map((name) => `node_modules/${name}/`);

/** @param {import('./workspace.mjs').Package[]} packages */
export function importRules(packages) {
  return [...HOUSE_RULES, ...packages.flatMap(arrowRules)].map((rule) => ({ severity: 'error', ...rule }));
}

const HOUSE_RULES = [
  {
    name: 'apps-are-on-top',
    comment: 'A package never imports an app: arrows point down.',
    from: { path: '^packages/' },
    to: { path: '^apps/' },
  },
  {
    name: 'contracts-stand-alone',
    comment: 'packages/contracts imports nothing of ours.',
    from: { path: '^packages/contracts/' },
    to: { path: '^(apps|packages|bench)/', pathNot: '^packages/contracts/' },
  },
  {
    name: 'browser-safe',
    comment:
      'contracts, transcript, client and web run in browsers: no module of Node (client/node is the entry for Node).',
    from: {
      path: '^(packages/(contracts|transcript|client)|apps/web)/src/',
      pathNot: [...TESTS, '^packages/client/src/(node|file-source)\\.ts$'],
    },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'browser-entry',
    comment: 'What browsers import of the client leads to nothing that is for Node only.',
    from: { path: '^packages/client/src/index\\.ts$' },
    to: { path: '^packages/client/src/(node|file-source)\\.ts$', reachable: true },
  },
  {
    name: 'only-queue-knows-bullmq',
    comment: 'Only packages/queue imports bullmq.',
    from: { pathNot: '^packages/queue/' },
    to: { path: nodeModule('bullmq') },
  },
  {
    name: 'only-the-worker-decodes',
    comment: 'Only the worker decodes; packages/ffmpeg finds the program for those who start it.',
    from: { pathNot: ['^apps/worker/', '^packages/ffmpeg/', ...TESTS] },
    to: { path: nodeModule('fluent-ffmpeg', '@ffmpeg-installer/ffmpeg') },
  },
  {
    name: 'the-api-knows-no-engine',
    comment: 'The API knows queues, never whisper.',
    from: { path: '^apps/api/' },
    to: { path: '^packages/whisper/' },
  },
  {
    name: 'no-tests-in-source',
    comment: 'Source does not import tests.',
    from: { path: '^(apps|packages)/[^/]+/src/', pathNot: TESTS },
    to: { path: TESTS },
  },
  {
    name: 'no-development-dependency-in-source',
    comment: 'What an installed package needs stands in its dependencies, not in its devDependencies.',
    // The page is a bundle: when it is installed, all that it needs is in it.
    from: { path: '^(apps|packages)/[^/]+/src/', pathNot: [...TESTS, '^packages/testkit/', '^apps/web/'] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'found',
    comment: 'The imported file or package is not there.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-circle-of-files',
    comment: 'Files import each other in a circle, if only for types.',
    from: {},
    to: { circular: true },
  },
];

/** Between our packages, arrows are what package.json says. */
function arrowRules({ folder, dependencies, devDependencies }) {
  const ours = '^(apps|packages|bench)/';
  const below = (folders) => [folder, ...folders].map((name) => `^${name}/`);
  return [
    {
      name: `arrows-of-${folder}`,
      comment: `${folder}/package.json does not name this package among its dependencies.`,
      from: { path: `^${folder}/src/`, pathNot: TESTS },
      to: { path: ours, pathNot: below(dependencies) },
    },
    {
      name: `arrows-of-${folder}-tests`,
      comment: `${folder}/package.json names this package neither among its dependencies nor its devDependencies.`,
      from: { path: `^${folder}/` },
      to: { path: ours, pathNot: below([...dependencies, ...devDependencies]) },
    },
  ];
}
