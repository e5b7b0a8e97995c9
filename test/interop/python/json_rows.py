"""Files of JSON and JSON Lines as programs write them, and what pandas and pyarrow read in them, which must be the same.

python json_rows.py FOLDER SEED: prints a JSON list of {name, rows}.
"""
import gzip
import json
import os
import random
import sys

import pandas
import pyarrow
import pyarrow.json

folder, seed = sys.argv[1], int(sys.argv[2])
random.seed(seed)
texts = ['', 'a', 'ä€😀', '\u2028', '\x85', '\xa0', '\ufeff', '\\', '"', 'line\nbreak', 'carriage\rreturn', '\x00', '\x1f', '/']


def row(number):
    return {
        'id': f'row-{number}',
        'text': ''.join(random.choices(texts, k=3)),
        'whole': random.choice([0, -1, 2**53 - 1, 1 - 2**53]),
        'part': random.choice([0.1, -0.5, 1e-7, 1e300, 2.5e-300, 1 / 3]),
        'maybe': random.choice(['x', None]),
        'flag': random.choice([True, False]),
        'list': random.choices(texts, k=random.randrange(3)) + ['end'],
        'inner': {'a b': random.choice(texts), 'n': [[number], []]},
    }


rows = [row(number) for number in range(300)]
ends = {'lines': '\n', 'windows': '\r\n'}


def lines(end='\n', last=True, **form):
    return end.join(json.dumps(one, **form) for one in rows) + (end if last else '')


def zstd(data):
    sink = pyarrow.BufferOutputStream()
    with pyarrow.CompressedOutputStream(sink, 'zstd') as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


skippable = b'\x50\x2a\x4d\x18\x05\x00\x00\x00notes'
plain = lines().encode()
half = plain.index(b'\n', len(plain) // 2) + 1 - 7
files = {
    'plain.jsonl': plain,
    'utf8.ndjson': lines(ensure_ascii=False).encode(),
    'windows.jsonl': b'\xef\xbb\xbf' + lines('\r\n', ensure_ascii=False).encode(),
    'blank.jsonl': b'\n \t\r\n' + lines('\n\r\n\n', last=False, separators=(',', ':')).encode(),
    'array.json': json.dumps(rows).encode(),
    'indented.json': json.dumps(rows, indent=2, ensure_ascii=False).encode(),
    'lines.json': plain,
    'records.json': pandas.DataFrame(rows[:0]).to_json(orient='records').encode(),
    'utf16.jsonl': lines(ensure_ascii=False).encode('utf-16'),
    'utf16be.json': b'\xfe\xff' + json.dumps(rows, ensure_ascii=False).encode('utf-16-be'),
    'one.jsonl.gz': gzip.compress(plain),
    'members.jsonl.gz': gzip.compress(plain[:half]) + gzip.compress(b'') + gzip.compress(plain[half:]),
    'one.jsonl.zst': zstd(plain),
    'frames.jsonl.zst': skippable + zstd(plain[:half]) + skippable + zstd(b'') + zstd(plain[half:]) + skippable,
    'array.json.zst': zstd(json.dumps(rows, indent=1).encode()),
}
for name, data in files.items():
    with open(os.path.join(folder, name), 'wb') as file:
        file.write(data)


def clean(value):
    return None if isinstance(value, float) and value != value else value


readable = os.path.join(folder, 'plain.jsonl')
frame = pandas.read_json(readable, lines=True, dtype=False, convert_axes=False, precise_float=True)
by_pandas = [{name: clean(value) for name, value in one.items()} for one in frame.to_dict(orient='records')]
by_arrow = pyarrow.json.read_json(readable).to_pylist()
assert by_pandas == rows, 'pandas reads something else'
assert by_arrow == rows, 'pyarrow reads something else'
print(json.dumps([{'name': name, 'rows': [] if name == 'records.json' else rows} for name in files]))
