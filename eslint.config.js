import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The rooms and what each may import; `types` may be imported as types only. DESIGN: data flows one way. */
const rooms = {
  planner: { may: [], types: [] },
  system: { may: ['planner'], types: [] },
  engine: { may: ['planner', 'system'], types: [] },
  activities: { may: ['planner', 'system', 'engine'], types: [] },
  workflows: { may: ['planner'], types: ['activities'] },
  worker: { may: ['planner', 'system', 'engine', 'activities'], types: ['workflows'] },
  client: { may: ['planner', 'system'], types: ['workflows'] },
};

/** The rooms inside `engine/` (and inside two of those), from the ground up: each may import those named and no other. */
const engineRooms = {
  storage: [],
  workspace: ['storage'],
  hub: ['workspace'],
  signing: [],
  bundles: ['workspace', 'hub', 'signing'],
  policy: [],
  commands: ['workspace', 'policy'],
  models: ['workspace', 'policy'],
  runtimes: ['workspace', 'policy', 'commands', 'models'],
  inference: ['storage', 'workspace', 'models'],
  datasets: ['storage', 'workspace', 'signing', 'models', 'inference'],
  inputs: ['workspace', 'inference', 'datasets'],
};

/** What the folders of a room may import of their neighbours; what they share stands in the room itself. */
const innerRooms = {
  'engine/hub': { cache: [], transfer: ['cache'] },
  'engine/models': {
    contract: [],
    tasks: [],
    host: ['contract', 'tasks'],
    pool: ['contract', 'host'],
    use: ['contract', 'pool', 'host'],
  },
  'engine/datasets': {
    shards: [],
    'rows-in': ['shards'],
    'rows-out': ['shards'],
    retry: ['rows-in', 'shards'],
    run: ['rows-in', 'shards'],
  },
};

/** What the sandbox and the purity of the planner allow beside our own rooms. */
const packages = {
  planner: { allow: ['zod'], why: 'The planner imports only zod.' },
  workflows: { allow: ['@temporalio/workflow', '@temporalio/common'], why: 'Workflow code runs in a sandbox.' },
  system: { refuse: '^@temporalio/', why: 'The ground floor knows no Temporal.' },
  engine: { refuse: '^@temporalio/', why: 'The engine knows no Temporal: what it needs comes as parameters.' },
};

const restricted = '@typescript-eslint/no-restricted-imports';

function arrowsOf(room) {
  return { files: [`${room}/**/*.ts`], rules: { [restricted]: ['error', { patterns: patternsOf(room) }] } };
}

function patternsOf(room) {
  const { may, types } = rooms[room];
  const others = [...Object.keys(rooms), 'demo', 'bench', 'test'].filter(
    (other) => other !== room && !may.includes(other),
  );
  const patterns = others.map((other) => ({
    regex: `^(?:\\.\\./)+${other}(?:/|$)`,
    message: `${room}/ must not import ${other}/.`,
    allowTypeImports: types.includes(other),
  }));
  const rule = packages[room];
  if (rule) {
    const allowed = rule.allow?.map((name) => name.replace('/', '\\/')).join('|');
    const regex = allowed ? `^(?!\\.)(?!(?:${allowed})$)` : rule.refuse;
    patterns.push({ regex, message: rule.why });
  }
  if (room !== 'planner' && (may.includes('planner') || room === 'system')) {
    patterns.push({
      regex: '^(?:\\.\\./)+planner/(?!index\\.js$)',
      message: 'planner/index.js is the only door into planner/.',
    });
  }
  return patterns;
}

/** A rule for each room inside another: what it may not import of its neighbours, beside what its house may not. */
function innerArrowsOf(house, name, may, neighbours, outer) {
  const patterns = neighbours
    .filter((other) => other !== name && !may.includes(other))
    .map((other) => ({
      regex: `^(?:\\.\\./)+${other}/`,
      message: `${house}/${name}/ must not import ${house}/${other}/.`,
    }));
  return {
    files: [`${house}/${name}/**/*.ts`],
    rules: { [restricted]: ['error', { patterns: [...outer, ...patterns] }] },
  };
}

const engineArrows = Object.entries(engineRooms).flatMap(([name, may]) => {
  const neighbours = Object.keys(engineRooms);
  const outer = patternsOf('engine');
  const rule = innerArrowsOf('engine', name, may, neighbours, outer);
  const house = `engine/${name}`;
  const inner = innerRooms[house] ?? {};
  const [, { patterns }] = rule.rules[restricted];
  const innerRules = Object.entries(inner).map(([room, allowed]) =>
    innerArrowsOf(house, room, allowed, Object.keys(inner), patterns),
  );
  return [rule, ...innerRules];
});

const pure = {
  files: ['planner/**/*.ts', 'workflows/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'require', 'setInterval', 'performance'],
  },
};

const clockless = {
  files: ['planner/**/*.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The planner has no clock.' },
      { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'The planner has no clock.' },
      { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'The planner has no dice.' },
    ],
  },
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.dependency-cruiser.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  ...Object.keys(rooms).map(arrowsOf),
  ...engineArrows,
  pure,
  clockless,
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'demo/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
