import iconv from 'iconv-lite';
import { ModelJobError } from '../../../../planner/index.js';

/**
 * A text of another encoding in UTF-8, without a byte order mark.
 *
 * @param encoding any name that it goes by, such as `windows-1252`, `latin1` or `shift_jis`
 * @param label the file's name, for messages
 * @throws ModelJobError `InvalidArgument` for an encoding that nobody knows, and for bytes that it has no character for
 */
export async function* decode(bytes: AsyncIterable<Buffer>, encoding: string, label: string): AsyncGenerator<Buffer> {
  refuseUnknown(encoding);
  const decoder = iconv.getDecoder(encoding);
  let line = 1;
  const check = (text: string): Buffer => {
    const bad = text.indexOf('\uFFFD');
    line += text.slice(0, bad === -1 ? undefined : bad).split('\n').length - 1;
    if (bad === -1) return Buffer.from(text);
    throw new ModelJobError('InvalidArgument', `${label}:${line} holds what is no character of ${encoding}`);
  };
  for await (const piece of bytes) yield check(decoder.write(piece));
  const rest = decoder.end();
  if (rest !== undefined && rest !== '') yield check(rest);
}

function refuseUnknown(encoding: string): void {
  const isKnown: boolean = iconv.encodingExists(encoding);
  if (isKnown) return;
  const message = `unknown encoding \`${encoding}\`, expected one such as utf-8, windows-1252 or shift_jis`;
  throw new ModelJobError('InvalidArgument', `options.batch.csv.encoding: ${message}`, {
    problems: [{ path: 'options.batch.csv.encoding', message }],
  });
}
