import { cpuSecondsOfGroup } from '../../system/processes/cpu-time.js';

/** Seconds without a word after which people are told, and again each time as many have passed. */
const toldSeconds = 10;

/** Between two looks, in milliseconds. */
const lookMs = 250;

/** Of CPU time in a second: who uses less does nothing. */
const busyShare = 0.02;

/** How long a program has said nothing, and what it does meanwhile: who waits for nothing uses no CPU time. */
export interface Silence {
  seconds: number;
  busy: boolean;
}

/** Watches for a program that says nothing. */
export interface SilenceWatch {
  /** Aborted when the silence has lasted for as long as it may. */
  readonly signal: AbortSignal;
  /** The silence so far. */
  now(): Silence;
  /** It said something. */
  heard(): void;
  end(): void;
}

/**
 * @param pid of the program, which leads a process group
 * @param limitSeconds the longest silence; undefined for any
 * @param onSilence hears every ten seconds of a silence
 */
export function watchSilence(
  pid: number,
  limitSeconds: number | undefined,
  onSilence: (silence: Silence) => void,
): SilenceWatch {
  const controller = new AbortController();
  let heardAt = performance.now();
  let told = 0;
  let cpuBefore = cpuSecondsOfGroup(pid);
  const seconds = (): number => (performance.now() - heardAt) / 1000;
  const now = (): Silence => {
    const silent = seconds();
    return { seconds: silent, busy: cpuSecondsOfGroup(pid) - cpuBefore > silent * busyShare };
  };
  const look = (): void => {
    const silent = seconds();
    if (limitSeconds !== undefined && silent >= limitSeconds) controller.abort(now());
    const parts = Math.floor(silent / toldSeconds);
    if (silent < 2 * (lookMs / 1000)) cpuBefore = cpuSecondsOfGroup(pid);
    if (parts > told) onSilence({ ...now(), seconds: parts * toldSeconds });
    told = parts;
  };
  const timer = setInterval(look, lookMs);
  return {
    signal: controller.signal,
    now,
    heard: () => (heardAt = performance.now()),
    end: () => clearInterval(timer),
  };
}
