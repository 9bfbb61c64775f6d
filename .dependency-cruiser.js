// Who may import whom: one table, from which every rule is made. A room may import itself and what stands here.
const MAY = {
  core: [],
  client: [],
  contract: ['core'],
  wire: ['contract'],
  kinds: ['core', 'contract'],
  jobs: ['contract', 'core', 'kinds', 'wire'],
  router: ['contract', 'wire'],
  node: ['contract', 'kinds', 'wire'],
  store: ['contract', 'wire'],
  ops: ['contract'],
  data: ['contract', 'core'],
  report: ['contract', 'core'],
  api: ['contract', 'kinds', 'jobs', 'data', 'report', 'ops', 'wire'],
  cli: ['contract', 'kinds', 'data', 'report', 'ops', 'wire'],
};

/** npm packages and node: modules a room may load; absent = any. */
const OUTSIDE = {
  core: [],
  client: [],
  contract: [],
  kinds: ['typebox', 'fastest-levenshtein', 'yaml', 'node:fs', 'node:path', 'node:url'],
};

const rooms = Object.entries(MAY).flatMap(([room, may]) => [
  {
    name: `${room}-imports-only-its-neighbours`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: `^src/(${[room, ...may].join('|')})/` },
  },
]);

const outside = Object.entries(OUTSIDE).map(([room, packages]) => ({
  name: `${room}-loads-only-its-packages`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'],
    ...(packages.length > 0 && {
      pathNot: packages.map((p) => `(^|node_modules/)${p.replace('node:', '')}(/|$)`).join('|'),
    }),
  },
}));

export default {
  forbidden: [
    ...rooms,
    ...outside,
    {
      name: 'a-kind-does-not-know-another-kind',
      severity: 'error',
      from: { path: '^src/kinds/([^/]+)/' },
      to: { path: '^src/kinds/[^/]+/', pathNot: '^src/kinds/$1/' },
    },
    {
      name: 'a-thread-loads-no-schema',
      comment: 'run.ts reaches core and its own folder only, so that a thread starts in milliseconds',
      severity: 'error',
      from: { path: '^src/kinds/[^/]+/run\\.ts$' },
      to: { reachable: true, path: 'typebox|^src/(jobs|node|store|api|ops|cli)/' },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/main\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
