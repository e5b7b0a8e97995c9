import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/activity.js';
import { planOfFile, rowsOf } from '../../helpers/data-set.js';

/** Of python-zstandard 0.25: two rows in two frames, the second of which begins within a row, each behind a skippable one. */
const frames = readFileSync(new URL('../../fixtures/field/frames.jsonl.zst', import.meta.url));

/** The same rows in a frame with a window of 256 MB (`--long=28`). */
const wide = Buffer.from('KLUv/QCQjQEAdAJ7ImN1c3RvbV9pZCI6ImEiLCJpbnB1dCI6Im9uZSJ9CmJ0d28ifQoCAMAQGLJ6Ag==', 'base64');

/** A row that was packed with a dictionary. */
const withDictionary = Buffer.from('KLUv/SeNNKNgKG0AACAwIn0KAjyWgSY/EkBosVvR', 'base64');

const rows = ['{"custom_id":"a","input":"one"}', '{"custom_id":"b","input":"two"}'];
const lines = rows.map((row) => `${row}\n`).join('');

async function read(name: string, data: Buffer): Promise<unknown> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, data);
  return rowsOf(await planOfFile(path));
}

describe('a file of zstd', () => {
  it('is read through all its frames, without what is to be skipped', async () => {
    expect(await read('a.jsonl.zst', frames)).toEqual(rows);
    expect(await read('a.ndjson.zst', Buffer.concat([frames.subarray(0, 66), frames.subarray(66)]))).toEqual(rows);
  });

  it('is refused where it ends too early, wherever that is', async () => {
    const whole = [13, 66, 79, 112];
    for (let end = 0; end < frames.length; end++) {
      const reading = read('a.jsonl.zst', frames.subarray(0, end));
      if (!whole.includes(end)) await expect(reading, String(end)).rejects.toThrow('a.jsonl.zst is no whole zstd file');
      else await reading;
    }
  });

  it('is refused where something else stands behind it', async () => {
    await expect(read('a.jsonl.zst', Buffer.concat([frames, Buffer.from(lines)]))).rejects.toThrow(
      'no whole zstd file',
    );
  });

  it('is refused where it asks for a large window, before that is made', async () => {
    await expect(read('a.jsonl.zst', wide)).rejects.toThrow(
      'asks for a window of 268435456 bytes, more than is given (134217728): pack it without --long',
    );
    await expect(read('a.jsonl.zst', Buffer.concat([frames, wide]))).rejects.toThrow('asks for a window');
  });

  it('is refused where a frame unpacks to other bytes than were packed, by its checksum or its size', async () => {
    const altered = (from: string, to: string): Buffer => {
      const copy = Buffer.from(frames);
      copy.write(to, copy.indexOf(from), 'latin1');
      return copy;
    };
    await expect(read('a.jsonl.zst', altered('"one"', '"two"'))).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(/a\.jsonl\.zst is no whole zstd file: frame 2 .* its checksum differs$/) as string,
    });
    await expect(read('a.jsonl.zst', altered('\x24\x28', '\x24\x29'))).rejects.toThrow(
      'frame 2 unpacks to 40 bytes, and should to 41',
    );
  });

  it('is refused where it needs a dictionary', async () => {
    await expect(read('a.jsonl.zst', withDictionary)).rejects.toThrow('was packed with a dictionary');
  });
});

describe('a file of gzip', () => {
  it('is read through all its members', async () => {
    const members = [lines.slice(0, 20), '', lines.slice(20)].map((part) => gzipSync(part));
    expect(await read('a.jsonl.gz', Buffer.concat(members))).toEqual(rows);
  });

  it('is refused where it ends too early, or something else stands behind it', async () => {
    const packed = gzipSync(lines);
    for (const end of [0, 1, 9, 15, packed.length - 9, packed.length - 1]) {
      const reading = read('a.jsonl.gz', packed.subarray(0, end));
      await expect(reading, String(end)).rejects.toThrow('a.jsonl.gz is no whole gzip file');
    }
    await expect(read('a.jsonl.gz', Buffer.concat([packed, packed.subarray(0, 5)]))).rejects.toThrow('no whole gzip');
    await expect(read('a.jsonl.gz', Buffer.concat([packed, Buffer.from(lines)]))).rejects.toThrow('no whole gzip');
  });

  it('may be filled up with zeros, behind which nothing is read', async () => {
    const packed = gzipSync(lines);
    expect(await read('a.jsonl.gz', Buffer.concat([packed, Buffer.alloc(512)]))).toEqual(rows);
    await expect(read('a.jsonl.gz', Buffer.concat([packed, Buffer.alloc(512), packed]))).rejects.toThrow(
      'behind zeros',
    );
  });

  it('is refused where it was packed twice', async () => {
    await expect(read('a.jsonl.gz', gzipSync(gzipSync(lines.repeat(100))))).rejects.toThrow('compressed with gzip');
  });
});
