const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes in decimal units: `0 B`, `999 B`, `12.3 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${byteUnits[unit]}`;
}

/** Milliseconds as people say them: `45 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Milliseconds that are left, in whole seconds below a minute: `6 s`, `3 min 5 s`. */
export function formatTimeLeft(ms: number): string {
  return ms <= 59_000 ? `${Math.ceil(ms / 1000)} s` : formatDuration(ms);
}

/** An amount of a progress's unit: bytes in their units, anything else as `1,234 files`. */
export function formatAmount(amount: number, unit: string): string {
  return unit === 'bytes' ? formatBytes(amount) : `${formatCount(amount)} ${unit}`;
}

/** A number with thousands separated: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: count < 10 ? 1 : 0 });
}

/** The whole per cent of a share, rounded down: only what is complete shows 100. */
export function percent(completed: number, total: number): number {
  return Math.floor((completed / total) * 100);
}
