/** No circles, neither of files nor of rooms. The arrows themselves are in eslint.config.js. */
module.exports = {
  forbidden: [
    {
      name: 'no-circle-of-files',
      comment: 'Two files that need each other are one, or share a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circle-of-rooms',
      comment: 'Data flows one way: what two folders share stands below both.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|node_modules)/' },
  },
};
