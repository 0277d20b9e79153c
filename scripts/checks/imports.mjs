import { existsSync } from 'node:fs';
import { join } from 'node:path';
import swc from '@swc/core';
import { cruise } from 'dependency-cruiser';
import { folderCircles } from './folder-circles.mjs';
import { importRules } from './import-rules.mjs';
import { packagesOf } from './workspace.mjs';

const ROOTS = ['apps', 'packages', 'bench', 'scripts'];

const OPTIONS = {
  // TypeScript 7 has no API for dependency-cruiser to use. swc keeps imports of types, so that they count too.
  parser: 'swc',
  tsPreCompilationDeps: true,
  exclude: { path: '(^|/)(dist|build|coverage|\\.turbo)/' },
  doNotFollow: { path: 'node_modules' },
};

// dependency-cruiser does not tell swc which files hold elements.
const { parseFileSync } = swc;
swc.parseFileSync = (path, options) => parseFileSync(path, { ...options, tsx: path.endsWith('.tsx') });

/** As the compiler resolves: our packages to their source. */
const RESOLUTION = {
  exportsFields: ['exports'],
  conditionNames: ['@sotto/source', 'types', 'import', 'node', 'default'],
  extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.d.ts'],
};

/** @returns {Promise<string[]>} what is wrong with the imports of a checkout, a description each */
export async function importFaults(root) {
  const folders = ROOTS.filter((folder) => existsSync(join(root, folder)));
  const forbidden = importRules(packagesOf(root));
  const options = { ...OPTIONS, baseDir: root, validate: true, ruleSet: { forbidden } };
  const { output } = await cruise(folders, options, RESOLUTION);
  const comments = new Map(forbidden.map(({ name, comment }) => [name, comment]));
  const broken = output.summary.violations.map((violation) => describe(violation, comments.get(violation.rule.name)));
  return [...broken, ...folderCircles(sourceImports(output.modules))];
}

function describe({ rule, from, to, cycle }, comment) {
  const path = cycle === undefined ? [from, to] : [from, ...cycle.map(({ name }) => name)];
  return `${rule.name}: ${comment}\n    ${path.join(' -> ')}`;
}

const isTest = (path) => path.endsWith('.test.ts');

function sourceImports(modules) {
  return modules
    .filter(({ source }) => !isTest(source))
    .flatMap(({ source, dependencies }) => dependencies.map(({ resolved }) => ({ from: source, to: resolved })));
}
