"""Large files of data sets. python write.py KIND PATH BYTES"""
import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

kind, path, size = sys.argv[1], sys.argv[2], int(sys.argv[3])


def texts(count, length):
    """Texts that no codec makes smaller."""
    return [os.urandom(length // 2).hex() for _ in range(count)]


def parquet(count, length, **options):
    # The same tenth ten times: it need not fit into memory ten times.
    inputs = pa.chunked_array([pa.array(texts(count // 10, length))] * 10)
    table = pa.table({'custom_id': [f'row-{row}' for row in range(count)], 'input': inputs})
    pq.write_table(table, path, row_group_size=count, use_dictionary=False, **options)


if kind == 'group':  # One row group of a million rows, as pandas writes it by default.
    parquet(1_000_000, size // 1_000_000)
elif kind == 'pages':  # Pages of 100 MB: ten rows each of 10 MB.
    parquet(size // 10_000_000, 10_000_000, data_page_size=100_000_000, write_batch_size=1, compression='none')
elif kind == 'csv':
    with open(path, 'w') as file:
        file.write('custom_id,input\n')
        for row in range(size // 1000):
            file.write(f'row-{row},"{os.urandom(480).hex()}, ""quoted""\n"\n')
elif kind == 'line':  # One line of 100 MB among short ones.
    with open(path, 'w') as file:
        for row in range(1000):
            file.write(json.dumps({'custom_id': f'row-{row}', 'input': 'x' * (size if row == 500 else 100)}) + '\n')
