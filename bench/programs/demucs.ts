import { join } from 'node:path';
import { programBackends } from '../../engine/runtimes/program/backends.js';
import { pythonWith } from '../python.js';
import { checkout } from '../real-model.js';
import { given, quoted, sample, specOf, type ProgramCheck } from './check.js';

const stems = ['bass', 'drums', 'other', 'vocals'];

/** Demucs of PyPI with a small model of random weights: stems of a stereo MP3, and of Opus, which it can't read. */
export const demucs: ProgramCheck = async (folder) => {
  const python = await pythonWith('demucs', 'numpy');
  if (!python) return 'no Python with demucs';
  await python.run([join(checkout, 'bench/programs/demucs_model.py'), folder]);
  const template = programBackends.demucs.example;
  // Not its own script: that names the folder in which the environment was made.
  const program = `${quoted(join(python.programs, 'python'))} -m demucs`;
  return {
    program: `${python.packages}, random weights`,
    env: { MODEL_JOBS_DEMUCS: template.replace('demucs', program) },
    request: {
      backend: 'demucs',
      spec: await specOf('small', 'source_separation', folder),
      inputs: [sample('recordings/speech.ogg'), join(checkout, 'test/fixtures/audio/tone.opus')].map((audio) =>
        given({ audio }),
      ),
    },
    judge(outputs) {
      const wrong = outputs.find((output) => {
        const made = (output as { stems: { stem: string }[] }).stems.map(({ stem }) => stem);
        return made.sort().join() !== stems.join();
      });
      return wrong === undefined ? undefined : `made ${JSON.stringify(wrong)}`;
    },
  };
};
