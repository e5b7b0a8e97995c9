const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** An entry of a worker's log. */
export interface LogLine {
  level: string;
  msg: string;
  /** The entry for people. */
  text: string;
}

/** What a line of a worker's JSON log says, for people; undefined for a line that is no log entry. */
export function readLogLine(line: string): LogLine | undefined {
  const entry = parse(line);
  if (!entry || typeof entry['msg'] !== 'string' || typeof entry['level'] !== 'number') return undefined;
  const level = levels[entry['level']] ?? 'info';
  const error = entry['err'];
  const reason = isObject(error) && typeof error['message'] === 'string' ? `: ${error['message']}` : '';
  return { level, msg: entry['msg'], text: `worker ${level}: ${entry['msg']}${reason}` };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
