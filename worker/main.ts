/**
 * The worker's program. Without arguments it runs the worker, with `told` after it has read variables from its stdin;
 * `cache`, `files` and `sign`, with a command as JSON, ask it about its disk, the hub's files and its keys. What the others
 * do not need is not loaded.
 */
const [, , name, command] = process.argv;
if (name === undefined || name === 'told') {
  if (name === 'told') await (await import('./told-environment.js')).takeToldEnvironment();
  const { runWorker } = await import('./run-worker.js');
  await runWorker();
} else {
  const { answerCommand } = await import('./commands/answer.js');
  await answerCommand(name, command);
}

export {};
