/**
 * The worker's program: without arguments it runs the worker, by `told` with the variables on its stdin; `cache` and `sign`, with a command as JSON, ask it about
 * its disk and its keys. What the other does not need is not loaded.
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
