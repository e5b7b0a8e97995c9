import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The rooms and what each may import; `types` may be imported as types only. DESIGN: data flows one way. */
const rooms = {
  planner: { may: [], types: [] },
  workflows: { may: ['planner'], types: ['activities'] },
  activities: { may: ['planner'], types: [] },
  worker: { may: ['planner', 'activities'], types: ['workflows'] },
  client: { may: ['planner'], types: ['workflows'] },
};

/** What the sandbox and the purity of the planner allow beside our own rooms. */
const packages = {
  planner: { allow: ['zod'], why: 'The planner imports only zod.' },
  workflows: { allow: ['@temporalio/workflow', '@temporalio/common'], why: 'Workflow code runs in a sandbox.' },
};

const restricted = '@typescript-eslint/no-restricted-imports';

function arrowsOf(room) {
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
    const allowed = rule.allow.map((name) => name.replace('/', '\\/')).join('|');
    patterns.push({ regex: `^(?!\\.)(?!(?:${allowed})$)`, message: rule.why });
  }
  if (room !== 'planner' && may.includes('planner')) {
    patterns.push({
      regex: '^(?:\\.\\./)+planner/(?!index\\.js$)',
      message: 'planner/index.js is the only door into planner/.',
    });
  }
  return { files: [`${room}/**/*.ts`], rules: { [restricted]: ['error', { patterns }] } };
}

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
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
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
  pure,
  clockless,
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'demo/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
