import { basename, extname } from 'node:path';
import { ModelJobError, type JsonValue } from '../../../planner/index.js';
import { jsonIn, readResult, type MadeFiles } from './made-files.js';
import { whisperOutput } from './whisper-output.js';

/** What a program that succeeded left behind. */
export interface ProgramTraces extends MadeFiles {
  /** Path of the file with all that it printed on stdout. */
  stdout: string;
  /** The end of a message that says nothing was made: what it said last on stderr, if anything. */
  said: string;
}

/** Makes an output of what a program left behind. */
export type OutputReader = (traces: ProgramTraces) => Promise<JsonValue>;

/** How outputs are read, by backend. */
const readers: Readonly<Record<string, OutputReader>> = { whisper_cpp: transcript, demucs: stems };

export function outputReaderFor(backend: string): OutputReader {
  return readers[backend] ?? anyResult;
}

/** The shape of `speech_recognition`: whisper.cpp's JSON file, else its text file, else what it printed. */
async function transcript({ files, made, stdout, said }: ProgramTraces): Promise<JsonValue> {
  const json = files.find(({ path }) => path.endsWith('.json'));
  const parsed = json && whisperOutput(jsonIn(await readResult(json.path)));
  if (parsed) return { ...parsed, files: made };
  const text = files.find(({ path }) => path.endsWith('.txt'));
  const words = (await readResult(text?.path ?? stdout)).trim();
  if (words !== '' || files.length > 0) return { text: words, files: made };
  throw nothing('no transcript', said);
}

/** The audio files, each named after its stem: demucs ends with status 0 although it found no track. */
function stems({ made, said }: ProgramTraces): Promise<JsonValue> {
  const audio = made.filter(({ mediaType }) => mediaType.startsWith('audio/'));
  if (audio.length === 0) return Promise.reject(nothing('no stems', said));
  return Promise.resolve({
    stems: audio.map(({ name, ...file }) => ({ stem: basename(name, extname(name)), name, ...file })),
  });
}

/** The only JSON file, else JSON on stdout, else the text there; beside the files, where there are other ones. */
async function anyResult({ files, made, stdout, said }: ProgramTraces): Promise<JsonValue> {
  const documents = files.filter(({ path }) => path.endsWith('.json'));
  const [document] = documents.length === 1 ? documents : [];
  const text = await readResult(document?.path ?? stdout);
  const value = jsonIn(text);
  if (document && value === undefined) throw new ModelJobError('Failed', 'the program wrote a bad JSON file', final);
  if (text.trim() === '' && files.length === 0) throw nothing('neither a file nor text', said);
  const result = value ?? { text: text.trim() };
  const others = made.filter((_, at) => files[at] !== document);
  return others.length === 0 ? result : { result, files: others };
}

const final = { retryable: false };

function nothing(what: string, said: string): ModelJobError {
  return new ModelJobError('Failed', `the program made ${what}${said}`, final);
}
