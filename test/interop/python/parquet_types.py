"""Parquet files of every type, by many writer's options, and what pyarrow reads in them as the documents have it in JSON.

python parquet_types.py FOLDER: writes FOLDER/NAME.parquet and FOLDER/NAME.jsonl for each variant, and prints the names.
"""
import base64
import datetime as dt
import decimal
import json
import random
import sys
import uuid

import pandas
import pyarrow as pa
import pyarrow.parquet as pq

D = decimal.Decimal
folder = sys.argv[1]
random.seed(13)
columns = {}


def column(name, values):
    columns[name] = values


column('i8', pa.array([1,-128,None,127,0], pa.int8()))
column('u8', pa.array([1,255,None,0,7], pa.uint8()))
column('u16', pa.array([1,65535,None,0,7], pa.uint16()))
column('u32', pa.array([1,4294967295,None,0,7], pa.uint32()))
column('i64', pa.array([1,-2**63,None,2**63-1,2**53], pa.int64()))
column('u64', pa.array([1,2**64-1,None,0,2**53+1], pa.uint64()))
column('f16', pa.array([1.5,-0.0,None,65504.0,5.960464477539063e-08], pa.float16()))
column('f32', pa.array([0.1,-0.0,None,3.4e38,1.0], pa.float32()))
column('f64', pa.array([0.1,-0.0,None,1e308,1.0], pa.float64()))
column('nan', pa.array([float('nan'),1.0,None,2.0,3.0], pa.float64()))
column('b', pa.array([True,False,None,True,False]))
column('s', pa.array(['a','ä€😀',None,'','line\nbreak"\\']))
column('ls', pa.array(['a','ä€😀',None,'','x'], pa.large_string()))
column('sv', pa.array(['a','ä€😀',None,'','x'], pa.string_view()))
column('bin', pa.array([b'\xff\xd8\xff',b'',None,b'a',b'\x00'], pa.binary()))
column('fbin', pa.array([b'\xff\xd8',b'ab',None,b'cd',b'\x00\x01'], pa.binary(2)))
column('d9', pa.array([D('1.10'),D('-0.01'),None,D('9999999.99'),D('0.00')], pa.decimal128(9,2)))
column('d18', pa.array([D('1.10'),D('-0.01'),None,D('9999999999999999.99'),D('0.00')], pa.decimal128(18,2)))
column('d38', pa.array([D('12345678901234567890123456789.123456789'),D('-0.000000001'),None,D('1'),D('0')], pa.decimal128(38,9)))
column('d76', pa.array([D('1234567890123456789012345678901234567890.123'),D('-0.001'),None,D('1'),D('0')], pa.decimal256(76,3)))
column('d0', pa.array([D('5'),D('-7'),None,D('12345678901234567890'),D('0')], pa.decimal128(20,0)))
column('date', pa.array([dt.date(2026,1,2),dt.date(1969,12,31),None,dt.date(1,1,1),dt.date(9999,12,31)], pa.date32()))
column('date64', pa.array([dt.date(2026,1,2),dt.date(1969,12,31),None,dt.date(1,1,1),dt.date(9999,12,31)], pa.date64()))
column('tms', pa.array([dt.time(3,4,5,678000),dt.time(0),None,dt.time(23,59,59,999000),dt.time(1)], pa.time32('ms')))
column('tus', pa.array([dt.time(3,4,5,678901),dt.time(0),None,dt.time(23,59,59,999999),dt.time(1)], pa.time64('us')))
column('tns', pa.array([11045678901234,0,None,86399999999999,1], pa.time64('ns')))
for u, m in (('s', 1), ('ms', 10**3), ('us', 10**6), ('ns', 10**9)):
    column('ts_'+u, pa.array([1767323045*m+(m>1)*7,-1,None,0,253402300799*m if u!='ns' else 1], pa.timestamp(u)))
    column('tz_'+u, pa.array([1767323045*m+(m>1)*7,-1,None,0,1], pa.timestamp(u,'UTC')))
    column('du_'+u, pa.array([93784*m+(m>1)*7,-1,None,0,1], pa.duration(u)))
column('tzb', pa.array([1767323045,-1,None,0,1], pa.timestamp('s','Europe/Berlin')))
column('list', pa.array([[1,2],[],None,[None],[3,None,4]], pa.list_(pa.int32())))
column('llist', pa.array([[[1],[]],[],None,[None],[[3,None],None,[4]]], pa.list_(pa.list_(pa.int32()))))
column('fsl', pa.array([[1,2],[3,4],None,[5,None],[6,7]], pa.list_(pa.int16(),2)))
column('struct', pa.array([{'a':1,'b':'x'},{'a':None,'b':None},None,{'a':2,'b':'y'},{'a':3,'b':''}], pa.struct([('a',pa.int32()),('b',pa.string())])))
column('sl', pa.array([{'l':[{'x':1}]},{'l':[]},None,{'l':None},{'l':[None,{'x':None}]}], pa.struct([('l',pa.list_(pa.struct([('x',pa.int64())])))])))
column('ls_', pa.array([[{'a':1,'b':[1,2]},{'a':2,'b':None}],[],None,[None],[{'a':None,'b':[]}]], pa.list_(pa.struct([('a',pa.int32()),('b',pa.list_(pa.int8()))]))))
column('map', pa.array([[('k',1),('l',None)],[],None,[('ä',3)],[('1',1),('0',2)]], pa.map_(pa.string(),pa.int32())))
column('imap', pa.array([[(5,'x')],[],None,[(7,None)],[(1,'1'),(0,'2')]], pa.map_(pa.int64(),pa.string())))
column('lmap', pa.array([[[('k',[1,2])]],[],None,[None,[]],[[('1',None)],[('0',[])]]], pa.list_(pa.map_(pa.string(),pa.list_(pa.int32())))))
column('dict', pa.array(['a','b',None,'a','b']).dictionary_encode())
column('null', pa.nulls(5))
column('ldur', pa.array([[1,2],[],None,[None],[3]], pa.list_(pa.duration('us'))))
column('uuid', pa.ExtensionArray.from_storage(pa.uuid(), pa.array([uuid.UUID(int=i).bytes if i!=2 else None for i in range(5)], pa.binary(16))))

small = pa.table(columns)
large = pa.concat_tables([small.slice(random.randrange(5), random.randrange(1, 4)) for _ in range(250)])


def duration(value, unit):
    digits = {'s': 0, 'ms': 3, 'us': 6, 'ns': 9}[unit]
    whole, rest = divmod(abs(value), 10**digits)
    return f"{'-' if value < 0 else ''}PT{whole}{'.' + str(rest).zfill(digits) if digits else ''}S"


def timestamp(scalar):
    """With all digits of the unit; pyarrow writes it so, with a space."""
    unit, value = scalar.type.unit, scalar.value
    if unit == 's':
        unit, value = 'ms', value * 1000
    text = pa.scalar(value, pa.timestamp(unit)).cast(pa.string()).as_py().replace(' ', 'T')
    return text + ('Z' if scalar.type.tz else '')


def key(scalar):
    value = convert(scalar)
    return value if isinstance(value, str) else json.dumps(value)


def convert(scalar):
    """A scalar as docs/batch-data.md has it."""
    kind, types = scalar.type, pa.types
    if not scalar.is_valid:
        return None
    if isinstance(kind, pa.BaseExtensionType):
        return str(scalar.as_py())
    if types.is_dictionary(kind):
        return convert(scalar.value)
    if types.is_integer(kind):
        value = scalar.as_py()
        return value if abs(value) <= 2**53 - 1 else str(value)
    if types.is_floating(kind):
        value = float(scalar.as_py())
        return None if value != value else value
    if types.is_decimal(kind):
        return format(scalar.as_py(), 'f')
    if types.is_binary(kind) or types.is_fixed_size_binary(kind) or types.is_large_binary(kind):
        return base64.b64encode(scalar.as_py()).decode()
    if types.is_date(kind):
        return scalar.as_py().isoformat()
    if types.is_time(kind):
        return scalar.cast(pa.string()).as_py()
    if types.is_timestamp(kind):
        return timestamp(scalar)
    if types.is_duration(kind):
        return duration(scalar.value, kind.unit)
    if types.is_map(kind):
        return {key(pair['key']): convert(pair['value']) for pair in scalar.values}
    if types.is_struct(kind):
        return {field.name: convert(scalar[field.name]) for field in kind}
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return [convert(value) for value in scalar.values]
    return scalar.as_py()


def expect(name):
    table = pq.read_table(f'{folder}/{name}.parquet')
    wanted = [one for one in table.column_names if not one.startswith('__index_level_')]
    with open(f'{folder}/{name}.jsonl', 'w') as file:
        for row in range(table.num_rows):
            file.write(json.dumps({one: convert(table[one][row]) for one in wanted}) + '\n')
    print(name)


def write(name, table, **options):
    pq.write_table(table, f'{folder}/{name}.parquet', **options)
    expect(name)


for codec in ('none', 'snappy', 'gzip', 'zstd', 'lz4', 'brotli'):
    for version in ('1.0', '2.0'):
        write(f'{codec}-page-{version}', small, compression=codec, data_page_version=version)
write('many-pages', large, data_page_size=200, write_batch_size=7, dictionary_pagesize_limit=100)
write('many-pages-2', large, data_page_size=200, write_batch_size=7, data_page_version='2.0', use_dictionary=False)
write('many-groups', large, row_group_size=37, write_page_checksum=True, write_page_index=True)
write('no-arrow-schema', small, store_schema=False)
write('format-1.0', small.drop_columns(['ts_ns', 'tz_ns']), version='1.0')
write('format-2.4', small.drop_columns(['ts_ns', 'tz_ns']), version='2.4')
# pyarrow reads them as 64 bits of nanoseconds, which end in 2262.
write('int96', small.slice(0, 3).select(['ts_ms', 'ts_us', 'ts_ns', 'tz_us', 's']), use_deprecated_int96_timestamps=True)
write('old-lists', small, use_compliant_nested_type=False)

ints = [name for name in columns if name[0] in 'iu' and name[1:].isdigit()]
floats = ['f32', 'f64', 'nan']
texts = ['s', 'ls', 'bin']
encoded = large.select(ints + floats + texts + ['fbin', 'd9', 'd18', 'date', 'ts_us', 'list'])
delta = {name: 'DELTA_BINARY_PACKED' for name in ints + ['date', 'ts_us']}
for encoding in ('DELTA_BYTE_ARRAY', 'DELTA_LENGTH_BYTE_ARRAY'):
    write(f'{encoding.lower()}', encoded, use_dictionary=False, data_page_size=300,
          column_encoding=delta | {name: encoding for name in texts})
split = {name: 'BYTE_STREAM_SPLIT' for name in ints + floats + ['fbin', 'd9', 'd18']}
write('byte_stream_split', encoded, use_dictionary=False, data_page_size=300, column_encoding=split)
bits = pa.table({'b': large['b'], 'i': pa.array(range(len(large)), pa.int32())})
write('rle', bits, use_dictionary=False, data_page_version='2.0', column_encoding={'b': 'RLE'})

frame = pandas.DataFrame({
    'text': pandas.Series(['a', None, 'ä']),
    'category': pandas.Categorical(['x', 'y', 'x']),
    'when': pandas.to_datetime(['2026-10-25 00:30', '2026-10-25 01:30', None], utc=True).tz_convert('Europe/Berlin'),
    'nullable': pandas.array([1, None, 2**62], dtype='Int64'),
    'number': [1.5, float('nan'), 2.0],
    'took': pandas.to_timedelta([1, None, 3], unit='ms'),
}, index=['one', 'two', 'three'])
frame.to_parquet(f'{folder}/pandas.parquet')
expect('pandas')
