import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** How many of the last lines are kept, and how much of a line, in characters. */
const keptLines = 5;
const keptOfLine = 500;

/** What the log gets in a second, in bytes, and the longest of its lines, in characters; a flood ends there. */
const loggedBytes = 64 * 1024;
const windowMs = 1000;
const longestLine = 8192;

/** What a process prints. */
export interface PrintedLines {
  /** The last lines since they were forgotten. */
  readonly last: readonly string[];
  forget(): void;
}

/**
 * Reads what a process prints, as fast as it comes: it must not wait for us, nor we drown in it. The log gets its lines,
 * of a flood the first ones of each second and how much was left out.
 */
export function readPrinted(streams: readonly (Readable | null)[], log: (line: string) => void): PrintedLines {
  const last: string[] = [];
  const keep = (line: string): void => {
    last.push(line.slice(0, keptOfLine));
    if (last.length > keptLines) last.shift();
  };
  for (const stream of streams) if (stream) readStream(stream, keep, log);
  return { last, forget: () => last.splice(0) };
}

function readStream(stream: Readable, keep: (line: string) => void, log: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let unfinished = '';
  let [windowEnd, room, leftOut] = [0, 0, 0];
  const take = (text: string, isLogged: boolean): void => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) tell(line, isLogged);
    for (; unfinished.length > longestLine; unfinished = unfinished.slice(longestLine)) {
      tell(unfinished.slice(0, longestLine), isLogged);
    }
  };
  const tell = (line: string, isLogged: boolean): void => {
    if (isStackTrace(line)) return;
    keep(line);
    if (isLogged) log(line);
  };
  const renew = (): void => {
    if (performance.now() < windowEnd) return;
    if (leftOut > 0) log(`… ${leftOut} bytes more are left out`);
    [windowEnd, room, leftOut] = [performance.now() + windowMs, loggedBytes, 0];
  };
  stream.on('data', (chunk: Buffer) => {
    renew();
    if (room > 0) take(decoder.write(chunk), true);
    else {
      leftOut += chunk.length;
      // Its end may be the last that is ever heard.
      take(chunk.subarray(-keptOfLine).toString('latin1'), false);
    }
    room -= chunk.length;
  });
  stream.on('end', () => {
    windowEnd = 0;
    renew();
    if (unfinished !== '') take('\n', true);
  });
}

/** Node's native stack trace, which would hide the message before it. */
function isStackTrace(line: string): boolean {
  return /^\s*$|^----- |^\s*\d+: 0x/.test(line);
}
