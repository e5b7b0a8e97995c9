import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generation } from '../../../../engine/models/tasks/parameters/generation.js';
import { taskParameters } from '../../../../engine/models/tasks/parameters/index.js';

const tasks = Object.entries(taskParameters);

describe('the page of tasks', () => {
  it.each(tasks)('names each parameter of %s and no other', async (task, shape) => {
    const page = await readFile(new URL('../../../../docs/tasks.md', import.meta.url), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith(`| \`${task}\` |`)) ?? '';
    const column = row.split(' | ').at(-1) ?? '';
    const named = Array.from(column.matchAll(/`([a-z_]+)`/g), ([, name]) => name!);
    const documented = task === 'speech_recognition' ? [...named, ...Object.keys(generation)] : named;
    const known = new Set([...Object.keys(shape), ...(task === 'speech_recognition' ? ['summarization'] : []), 'null']);
    expect(documented.filter((name) => !known.has(name))).toEqual([]);
    expect(Object.keys(shape).filter((name) => !documented.includes(name))).toEqual([]);
  });
});
