import type { InputForm } from '../../commands/template/input-form.js';

/** What a backend that is a command line needs of the worker's operator. */
export interface ProgramBackend {
  /** The environment variable of its template. */
  setting: string;
  /** A template that fits the program that the backend is named after, or one of the kind. */
  example: string;
  /** What `{input}` is made where it is another format that is read here: the program's own. Default: nothing. */
  input?: InputForm;
}

/** The backends that are command lines, by the names that `backendName` gives them. */
export const programBackends = {
  whisper_cpp: {
    setting: 'MODEL_JOBS_WHISPER_CPP',
    example: 'whisper-cli -m {model} -f {input} -t {threads} -l {param:language=auto} -np -oj -of {output}/result',
    input: { type: 'wav', rate: 16_000 },
  },
  demucs: {
    setting: 'MODEL_JOBS_DEMUCS',
    example: 'demucs --repo {bundle} -n {param:name=htdemucs} -d cpu -o {output} {input}',
    // What it reads without ffmpeg.
    input: { type: 'wav', takes: ['mp3', 'flac', 'oga'] },
  },
  opencv: {
    setting: 'MODEL_JOBS_OPEN_CV',
    example: 'python3 /opt/models/detect.py --model {model} --image {input} --output {output}',
    // What every build of OpenCV reads.
    input: { type: 'png', takes: ['jpeg', 'tiff', 'webp'] },
  },
  candle: {
    setting: 'MODEL_JOBS_CANDLE',
    example: '/opt/models/candle-bert --model {bundle} --input {input} --threads {threads}',
  },
  cuda_oxide: {
    setting: 'MODEL_JOBS_CUDA_OXIDE',
    example: '/opt/models/cuda-oxide-run --model {model} --input {input} --output {output}',
  },
} as const satisfies Record<string, ProgramBackend>;

/** The command-line backend of this name. */
export function programBackend(name: string): ProgramBackend | undefined {
  return Object.hasOwn(programBackends, name) ? programBackends[name as keyof typeof programBackends] : undefined;
}
