import { ModelJobError } from '../../../planner/index.js';
import { readHead } from '../../../system/files/read-head.js';
import { inputLimits } from './limits.js';

/** The formats that are read, by the names of the package `audio-decode`. */
export type AudioFormat = 'wav' | 'mp3' | 'flac' | 'oga' | 'opus';

/** Enough for the first page of an Ogg file, whose content names its codec. */
const headerBytes = 64;

/**
 * Reads a recording's header: nothing is decoded.
 *
 * @throws ModelJobError `ResourceLimit` for a file that is too large, `InvalidArgument` for another kind of file
 */
export async function checkAudioFile(path: string, size: number, field: string): Promise<void> {
  if (size > inputLimits.audioBytes) {
    throw new ModelJobError(
      'ResourceLimit',
      `${field}: \`${path}\` has ${size} bytes, more than a recording may have (${inputLimits.audioBytes})`,
    );
  }
  if ((await audioFormatOf(path)) === undefined) {
    throw new ModelJobError('InvalidArgument', `${field}: \`${path}\` is not WAV, MP3, FLAC or Ogg`);
  }
}

/** The format of a recording by its first bytes; undefined for a format that is not read. */
export async function audioFormatOf(path: string): Promise<AudioFormat | undefined> {
  return formatOf(await readHead(path, headerBytes));
}

function formatOf(header: Buffer): AudioFormat | undefined {
  const has = (mark: string, at = 0): boolean => header.toString('latin1', at, at + mark.length) === mark;
  if (has('RIFF') && has('WAVE', 8)) return 'wav';
  if (has('fLaC')) return 'flac';
  if (has('OggS')) return header.includes('OpusHead') ? 'opus' : header.includes('FLAC') ? 'flac' : 'oga';
  return has('ID3') || isMpegFrame(header) ? 'mp3' : undefined;
}

/** Eleven set bits, then a layer and a bit rate that exist: ISO 11172-3, 2.4.2.3. */
function isMpegFrame([first = 0, second = 0, third = 0]: Buffer): boolean {
  const layer = (second >> 1) & 0b11;
  return first === 0xff && (second & 0xe0) === 0xe0 && layer !== 0 && third >> 4 !== 0b1111;
}
