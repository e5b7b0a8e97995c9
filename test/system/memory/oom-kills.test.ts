import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OomKills, oomKills } from '../../../system/memory/oom-kills.js';
import { temporaryFolder } from '../../helpers/activity.js';

const v2 = 'low 0\nhigh 0\nmax 31\noom 2\noom_kill 2\noom_group_kill 0\n';
const v1 = 'oom_kill_disable 0\nunder_oom 0\noom_kill 3\n';

describe('kills for lack of memory are counted from', () => {
  it.each([
    ['the group of cgroup v2', '0::/work.slice/one\n', 'work.slice/one/memory.events', v2, 2],
    ['the root that a container sees of it', '0::/\n', 'memory.events', v2, 2],
    ['the group of cgroup v1', '4:cpu,memory:/docker/1\n0::/\n', 'memory/docker/1/memory.oom_control', v1, 3],
    ['the root that a container sees of that', '4:memory:/docker/1\n', 'memory/memory.oom_control', v1, 3],
    ['nothing where the system does not tell', '4:cpu:/docker/1\n', 'memory/memory.oom_control', v1, undefined],
  ])('%s', async (_, groups, path, text, count) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
    expect(oomKills(groups, folder)).toBe(count);
  });
});

describe('a kill for lack of memory', () => {
  it('explains the end of one process, just after it', () => {
    let [count, now] = [3, 0];
    const kills = new OomKills(
      () => count,
      () => now,
    );
    expect(kills.explainsEnd()).toBe(false);
    count += 2;
    expect([kills.explainsEnd(), kills.explainsEnd(), kills.explainsEnd()]).toEqual([true, true, false]);
    count += 1;
    now += 1000;
    kills.look();
    now += 2000;
    expect(kills.explainsEnd()).toBe(true);
  });

  it('of another process explains nothing later', () => {
    let [count, now] = [0, 0];
    const kills = new OomKills(
      () => count,
      () => now,
    );
    count += 1;
    kills.look();
    now += 10_000;
    expect(kills.explainsEnd()).toBe(false);
  });

  it('is never told where the system doesn’t count', () => {
    expect(new OomKills(() => undefined).explainsEnd()).toBe(false);
  });
});
