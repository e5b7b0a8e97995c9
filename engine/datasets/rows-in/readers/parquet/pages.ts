import { crc32 } from 'node:zlib';
import type { DecodedArray, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { ChunkReader } from './chunk-reader.js';

/** What the library's decoders know of a column. */
export type ColumnDecoder = Parameters<typeof readDataPage>[2];

/** A page of a column. */
export interface Page {
  /** How many levels it has: one for each value, nulls among them. */
  count: number;
  /** Empty where all are of the column's highest level. */
  definitions: readonly number[];
  /** Empty where each is a row of its own. */
  repetitions: readonly number[];
  /** Values as they are stored, without nulls; their numbers in the dictionary where there is one. */
  values: DecodedArray;
  dictionary: DecodedArray | undefined;
}

/** How many bytes are read for a page's header, at first: statistics may make it larger. */
const headerBytes = 1 << 10;

/**
 * The pages of a column chunk, one after the other.
 *
 * @param count how many levels the chunk has
 */
export async function* pagesOf(reader: ChunkReader, count: number, decoder: ColumnDecoder): AsyncGenerator<Page> {
  let dictionary: DecodedArray | undefined;
  for (let left = count; left > 0;) {
    const header = await readHeader(reader);
    const bytes = await readBody(reader, header);
    if (header.type === 'DICTIONARY_PAGE') dictionary = readDictionary(bytes, header, decoder);
    if (header.type !== 'DATA_PAGE' && header.type !== 'DATA_PAGE_V2') continue;
    const page = readValues(bytes, header, decoder, dictionary);
    left -= page.count;
    // Some writers begin with a page of nothing.
    if (page.count > 0) yield page;
  }
}

async function readHeader(reader: ChunkReader): Promise<PageHeader> {
  for (let wanted = headerBytes; ; wanted *= 4) {
    const bytes = await reader.peek(wanted);
    const thrift = { view: viewOf(bytes), offset: 0 };
    try {
      const header = parquetHeader(thrift);
      reader.skip(thrift.offset);
      return header;
    } catch (error) {
      // Perhaps it is longer than what was read.
      if (bytes.length < wanted) throw error;
    }
  }
}

async function readBody(reader: ChunkReader, { compressed_page_size: size, crc }: PageHeader): Promise<Uint8Array> {
  const bytes = (await reader.peek(size)).subarray(0, size);
  if (bytes.length < size) throw new Error('a page ends behind the end of the file');
  if (crc !== undefined && crc >>> 0 !== crc32(bytes)) throw new Error('the checksum of a page is wrong');
  reader.skip(size);
  return bytes;
}

function readDictionary(bytes: Uint8Array, header: PageHeader, decoder: ColumnDecoder): DecodedArray {
  const count = header.dictionary_page_header?.num_values ?? 0;
  const page = viewOf(decompress(bytes, header, decoder));
  return readPlain({ view: page, offset: 0 }, decoder.type, count, decoder.element.type_length);
}

/** Of nothing some compressors make a byte that others can't read. */
function decompress(
  bytes: Uint8Array,
  { uncompressed_page_size: size }: PageHeader,
  decoder: ColumnDecoder,
): Uint8Array {
  return size === 0 ? new Uint8Array(0) : decompressPage(bytes, size, decoder.codec, decoder.compressors);
}

function readValues(
  bytes: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
): Page {
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  const head = v1 ?? v2;
  if (!head) throw new Error('a page has no header');
  const { definitionLevels, repetitionLevels, dataPage } = v1
    ? readDataPage(decompress(bytes, header, decoder), v1, decoder)
    : readDataPageV2(bytes, header, decoder);
  return {
    count: head.num_values,
    definitions: definitionLevels ?? [],
    repetitions: repetitionLevels,
    values: dataPage,
    dictionary: head.encoding.endsWith('_DICTIONARY') ? dictionary : undefined,
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
