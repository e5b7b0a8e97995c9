"""CSV and TSV files of many dialects, written at random, and what pandas (and pyarrow, where a file is clean) reads in them.

python tables.py FOLDER SEED COUNT: prints a JSON list of {name, csv, rows}; rows is null where pandas refuses the file.
"""
import csv
import io
import json
import os
import random
import re
import sys
import warnings

import pandas
import pyarrow
import pyarrow.csv

folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
warnings.simplefilter('ignore')
random.seed(seed)

plain = ['a', 'bc', '1', '0.10', 'NA', 'null', 'a b', '\\', '\\n', '#', '']
letters = {
    'utf-8': ['ä', '€', '😀', '\u2028', '\x85', '\xa0', '\ufffd', '\x0b', '\x0c', '\x1c', '\ufeff'],
    'utf-8-sig': ['ä', '€', '😀', '\u2029'],
    'utf-16': ['ä', '€', '😀', '\u2028'],
    'windows-1252': ['ä', '€', '\xa0', '’'],
    'latin-1': ['ä', '\xa0'],
    'shift_jis': ['日本', '表', 'ソ'],
}


def clean(number, sep, quote, letters):
    """A file as a good writer has it: whatever needs quotes has them."""
    some = plain + letters + (['\n', '\r\n', sep, quote, quote * 2, f'5{quote} pipe', ' a '] if quote else [])
    text = io.StringIO()
    end = random.choice(['\n', '\r\n', '\r'])
    form = dict(delimiter=sep, lineterminator=end)
    # Python's writer puts quotes around the breaks alone that it writes itself.
    quoting = csv.QUOTE_MINIMAL if end == '\r\n' else csv.QUOTE_ALL
    form |= dict(quotechar=quote, quoting=quoting) if quote else {}
    form |= {} if quote else dict(quoting=csv.QUOTE_NONE, quotechar=None)
    writer = csv.writer(text, **form)
    writer.writerow(['custom', 'b', 'c'])
    for row in range(random.randrange(1, 12)):
        writer.writerow([f'row {row}'] + [''.join(random.choices(some, k=random.randrange(4))) for _ in range(2)])
    return text.getvalue()


def wild(number, sep, quote, letters):
    """Anything at all behind a header and a good record."""
    q = quote or '"'
    some = plain + letters + [sep, sep, sep, q, q, f'{q}{q}', '\n', '\n', '\r', '\r\n', ' ', '\t', "'", f'{q}{sep}', f'{sep}{q}', f'{q}\n']
    text = f'a{sep}b{sep}c\n1{sep}2{sep}3\n' + ''.join(random.choices(some, k=random.randrange(60)))
    # pandas loses the first value behind an empty line that a lone carriage return ends, if that value is empty.
    return re.sub('(?<=[\r\n])([ \t]*)\r(?=' + re.escape(sep) + ')', r'\1\n', text)


def read(path, sep, quote, encoding):
    quoting = dict(quotechar=quote) if quote else dict(quoting=csv.QUOTE_NONE)
    frame = pandas.read_csv(path, sep=sep, encoding=encoding, dtype=str, keep_default_na=False, na_filter=False,
                            index_col=False, on_bad_lines='skip', engine='c', **quoting)
    return frame.to_dict(orient='records')


def check_arrow(path, sep, quote, encoding, rows):
    """pyarrow reads a clean file as pandas does."""
    table = pyarrow.csv.read_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(encoding='utf8' if encoding == 'utf-8-sig' else encoding),
        parse_options=pyarrow.csv.ParseOptions(delimiter=sep, quote_char=quote or False, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={name: pyarrow.string() for name in rows[0]}, strings_can_be_null=False),
    )
    if table.to_pylist() != rows:
        raise AssertionError(f'{path}: pyarrow reads {table.to_pylist()}, pandas {rows}')


cases = []
for number in range(count):
    is_tsv = number % 5 == 4
    sep = '\t' if is_tsv else random.choice([',', ';', '\t', '|'])
    quote = '' if is_tsv else random.choice(['"', '"', "'", ''])
    encoding = random.choice(list(letters))
    is_clean = number % 2 == 0
    text = (clean if is_clean else wild)(number, sep, quote, letters[encoding])
    name = f'{number}.{"tsv" if is_tsv else "csv"}'
    path = os.path.join(folder, name)
    with open(path, 'wb') as file:
        file.write(text.encode(encoding))
    options = {} if is_tsv else {'delimiter': sep, 'quote': quote}
    options |= {'encoding': encoding} if encoding in ('windows-1252', 'latin-1', 'shift_jis') else {}
    try:
        rows = read(path, sep, quote, encoding)
    except pandas.errors.ParserError:
        rows = None
    if is_clean and rows:
        check_arrow(path, sep, quote, encoding, rows)
    cases.append({'name': name, 'csv': options, 'rows': rows})
print(json.dumps(cases))
