/** What each folder may import, as docs/architecture.md draws it. A folder that is not listed may import nothing of src. */
const may = {
  contracts: [],
  config: ['contracts'],
  language: [],
  privacy: ['contracts'],
  documents: ['contracts', 'ports', 'language', 'privacy'],
  tenancy: ['contracts'],
  generations: ['contracts'],
  backups: ['contracts', 'ports'],
  ports: ['contracts', 'consistency'],
  consistency: ['contracts'],
  retrieval: ['contracts', 'ports', 'tenancy', 'language'],
  activities: ['contracts', 'ports', 'backups', 'consistency', 'documents', 'generations', 'privacy', 'retrieval/sparse', 'retrieval/vocabulary'],
  workflows: ['contracts', 'activities'],
  adapters: ['contracts', 'ports', 'backups', 'config', 'tenancy', 'consistency', 'documents', 'retrieval/sparse', 'workflows'],
  api: ['contracts', 'ports', 'backups', 'retrieval', 'generations', 'observability', 'startup', 'config'],
  observability: ['contracts', 'ports', 'privacy'],
  startup: ['contracts', 'config', 'observability'],
  sdk: ['contracts'],
  cli: ['contracts', 'sdk'],
};

/** The two composition roots: the only places that name adapters. */
const compositionRoots = '^(src/api/main\\.ts|src/api/composition/|temporal/)';

const folderRules = Object.entries(may).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import ${allowed.length === 0 ? 'nothing of src' : allowed.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: compositionRoots },
  to: { path: '^(src|temporal|infra|tests)/', pathNot: [`^src/${folder}/`, ...allowed.map((name) => `^src/${name}/`)] },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'adapters-only-in-composition-roots',
      severity: 'error',
      from: { pathNot: ['^src/adapters/', compositionRoots, '^tests/', '^infra/'] },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'one-vendor-an-adapter',
      comment: 'Adapters do not know each other; what two of them need lies in shared.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: ['^src/adapters/$1/', '^src/adapters/shared/'] },
    },
    {
      name: 'workflows-know-activities-as-types',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: { path: '^src/activities/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'workflows-are-deterministic', severity: 'error', from: { path: '^src/workflows/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'vendors-only-in-adapters',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/adapters/', '^src/config/load\\.ts', '^src/config/config\\.ts'] },
      to: { path: 'node_modules/(@aws-sdk|@qdrant|pg|kysely|@mendable|onnxruntime-node|@huggingface|undici|ioredis|lru-cache)/' },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$', '^infra/local/sample/'] }, to: {} },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'] },
  },
};
