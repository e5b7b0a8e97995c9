#!/usr/bin/env node
import { processIo } from './io.js';
import { runCli } from './program.js';

// A reader that has seen enough (`model-jobs list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), processIo());
