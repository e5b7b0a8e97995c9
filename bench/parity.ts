import { checkSentenceModel } from './parity/sentence-model.js';
import { checkTasks } from './parity/tasks.js';

/**
 * Whether the `onnx` runtime answers as Python does, with the same files. Exit code 1 where it doesn't, 0 where there is
 * no model or no Python.
 */
const passed = [await checkTasks(), await checkSentenceModel()].every(Boolean);
console.log(passed ? 'parity: passed' : 'parity: FAILED');
process.exitCode = passed ? 0 : 1;
