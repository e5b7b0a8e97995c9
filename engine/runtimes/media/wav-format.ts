import { readHead } from '../../../system/files/read-head.js';

/** How the samples of a WAV file are written. */
export interface WavFormat {
  /** Whether they are whole numbers, uncompressed. */
  pcm: boolean;
  channels: number;
  /** Samples a second. */
  rate: number;
  /** Of one sample. */
  bits: number;
}

/** Where `fmt ` stands: what other chunks come before it is small. */
const headBytes = 4096;

const none: WavFormat = { pcm: false, channels: 0, rate: 0, bits: 0 };

/** Reads the header of a WAV file; zeros where its format is not found. */
export async function wavFormatOf(path: string): Promise<WavFormat> {
  return formatIn(await readHead(path, headBytes));
}

function formatIn(head: Buffer): WavFormat {
  // Chunks: four letters, a length, the content, to an even number of bytes.
  for (let at = 12; at + 24 <= head.length;) {
    const length = head.readUInt32LE(at + 4);
    if (head.toString('latin1', at, at + 4) === 'fmt ') {
      return {
        pcm: head.readUInt16LE(at + 8) === 1,
        channels: head.readUInt16LE(at + 10),
        rate: head.readUInt32LE(at + 12),
        bits: head.readUInt16LE(at + 22),
      };
    }
    at += 8 + length + (length % 2);
  }
  return none;
}
