import swc from '@swc/core';

// Import boundaries: docs/ARCHITECTURE.md's table "Folders and who may import whom", as rules.

/**
 * Folder -> the folders of ours that its sources may import. The domain is pure data that imports nothing, so whoever may
 * import a package built on it may import it, too.
 */
const mayImport = {
  'packages/domain': [],
  'packages/contract': ['packages/domain'],
  'packages/scheduler': ['packages/domain'],
  'packages/sdk': ['packages/contract'],
  'packages/metering': ['packages/domain', 'packages/db', 'packages/platform'],
  'packages/hal': ['packages/domain'],
  'packages/provisioner': ['packages/domain', 'packages/db', 'packages/platform', 'packages/scheduler', 'packages/hal'],
  'packages/services': [
    'packages/domain',
    'packages/contract',
    'packages/db',
    'packages/platform',
    'packages/metering',
  ],
  'packages/db': ['packages/domain'],
  'packages/platform': [],
  'apps/api': ['packages/domain', 'packages/contract', 'packages/services', 'packages/platform', 'packages/hal'],
  'apps/worker': [
    'packages/domain',
    'packages/provisioner',
    'packages/services',
    'packages/metering',
    'packages/platform',
  ],
  'apps/fleet': ['packages/domain', 'packages/hal', 'packages/platform'],
  'apps/agent': ['packages/domain', 'packages/hal', 'packages/platform'],
  'apps/web': ['packages/contract', 'packages/domain'],
  // The rater alone: what the seller rates with, the customer verifies with (docs/adr/0023).
  'apps/cli': ['packages/contract', 'packages/domain', 'packages/metering/src/rating'],
};

// TypeScript 7 has no JavaScript API, so files are parsed by swc; dependency-cruiser does not tell it which ones hold JSX.
const parseFileSync = swc.parseFileSync.bind(swc);
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('x') });

const anyOf = (folders) => `^(${folders.map((folder) => `${folder}/`).join('|')})`;

const boundaries = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `boundary-${folder.replace('/', '-')}`,
  comment: `${folder} may import ${allowed.join(', ') || 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^${folder}/(src|app)/` },
  to: { path: '^(packages|apps|e2e|tools)/', pathNot: anyOf([folder, ...allowed]) },
}));

export default {
  forbidden: [
    ...boundaries,
    {
      name: 'rating-is-pure',
      comment: 'The rater runs on the customers machine too: no database, no clock, nothing but the domain.',
      severity: 'error',
      from: { path: '^packages/metering/src/rating/' },
      to: { path: '^(packages|apps|tools)/', pathNot: '^packages/(domain|metering/src/rating)/' },
    },
    {
      name: 'no-app-imported',
      comment:
        'Apps are entry points; what two of them need belongs in a package. The command line describes itself for its reference.',
      severity: 'error',
      from: { path: '^(packages|tools)/', pathNot: '/test/' },
      to: { path: '^apps/', pathNot: '^apps/cli/src/reference\\.ts$' },
    },
    {
      name: 'e2e-knows-only-urls',
      comment: 'Journeys go through the running product.',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^(packages|apps|tools)/' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'packages/testing is for tests and tools.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: '^packages/testing/' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-circles',
      comment: 'A module that is loaded later, when it is needed, may name the one that asked for it.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
    },
    {
      name: 'stripe-in-one-place',
      comment: 'Only metering/payments/stripe imports stripe.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: ['^packages/metering/src/payments/stripe/', '/test/'] },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'database-client-in-db-only',
      comment: 'Other packages reach the database through withOrg and withSql.',
      severity: 'error',
      from: { path: '^(packages|apps)/[^/]+/src/', pathNot: '^packages/(db|testing)/' },
      to: { path: ['node_modules/(pg|@prisma/[^/]+)/', '^packages/db/src/generated/'] },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: { pathNot: '^apps/web/' },
      to: { couldNotResolve: true, pathNot: '^bun:' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: ['node_modules', 'packages/db/src/generated'] },
    exclude: { path: ['/dist/', '/\\.next/', '\\.wasm$'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
