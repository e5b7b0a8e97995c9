/** The variables that programs and models get: what finds them their files, languages, clocks and devices. */
const passed: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'PWD'],
  ...['LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP', 'XDG_CACHE_HOME'],
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'VIRTUAL_ENV', 'PYTHONUTF8', 'OMP_NUM_THREADS'],
  ...['CUDA_VISIBLE_DEVICES', 'NVIDIA_VISIBLE_DEVICES', 'NVIDIA_DRIVER_CAPABILITIES'],
  ...['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'],
  // Windows starts no program without these.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'],
]);

/** Names the further variables that an operator lets pass, separated as in PATH. It passes itself. */
const operatorsList = 'MODEL_JOBS_PASS_ENV';

/** The marks of the families that a process belongs to, by which all that comes from it is found. */
export const markVariable = 'MODEL_JOBS_FAMILY';

/**
 * The environment of a program or a model: a list of names, for what is a secret can't be told by its name
 * (`DATABASE_URL`, `HTTPS_PROXY=http://user:password@…`).
 */
export function environmentForPrograms(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const added = new Set([operatorsList, markVariable, ...(env[operatorsList] ?? '').split(':')]);
  const passes = (name: string): boolean =>
    passed.has(process.platform === 'win32' ? name.toUpperCase() : name) || name.startsWith('LC_') || added.has(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => passes(name)));
}
