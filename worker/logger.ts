import { DefaultLogger, type LogLevel, type Logger } from '@temporalio/worker';
import { pino, type Logger as PinoLogger } from 'pino';
import type { WorkerConfig } from './config.js';

/** The worker's log: one JSON object a line on stderr, for stdout belongs to results. */
export function createLog(level: WorkerConfig['logLevel']): PinoLogger {
  return pino({ level, base: { pid: process.pid } }, pino.destination({ dest: 2, sync: false }));
}

/** Temporal's own log lines, in ours. */
export function temporalLogger(log: PinoLogger): Logger {
  const levels: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  };
  const least = log.isLevelEnabled('debug') ? 'DEBUG' : 'INFO';
  return new DefaultLogger(least, ({ level, message, meta }) => {
    const { error, taskToken: _taskToken, ...facts } = meta ?? {};
    log[levels[level]](error === undefined ? facts : { ...facts, err: error }, message);
  });
}
