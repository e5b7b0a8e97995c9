import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { admitCommand } from '../../../engine/policy/admit-command.js';
import type { AllowedCommand, CommandRules } from '../../../engine/policy/schema.js';
import { policyWarnings } from '../../../engine/policy/warnings.js';
import { createPathGuard } from '../../../engine/workspace/paths.js';
import { temporaryFolder } from '../../helpers/activity.js';

describe('a command', () => {
  it('runs by the first rules that admit its arguments', async () => {
    const allowed = [rules('sh', 'a'), rules('sh', 'b')];
    expect(await admit('sh', ['b'], allowed)).toMatchObject({ args: ['b'], rules: { place: 'commands[1]' } });
  });

  it('is refused by rule and argument where none does', async () => {
    const allowed = [rules('sh', 'a'), rules('/bin/sh', 'b', 'c')];
    await expect(admit('sh', ['b', 'd'], allowed)).rejects.toMatchObject({
      code: 'PermissionDenied',
      retryable: false,
      detail:
        'options.command.args[1] must not be "d": this worker\'s policy for `sh` (commands[1].args[1]) expects "c"',
      details: { rules: ['commands[1].args[1]'], argument: 1 },
    });
    await expect(admit('sh', [], allowed)).rejects.toThrow(/args\[0\] lacks an argument/);
  });

  it('gets no further rights by its name in MODEL_JOBS_COMMANDS, nor by another name of its folder', async () => {
    const allowed = [rules('sh', 'a'), 'sh', '/bin/sh'];
    for (const name of ['sh', '/bin/sh', '/bin/../bin/sh'])
      await expect(admit(name, ['-c', 'true'], allowed)).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('may be any program of a folder, and no other by a link in it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'tools'));
    await writeFile(join(folder, 'tools', 'own'), '#!/bin/sh\n');
    await chmod(join(folder, 'tools', 'own'), 0o755);
    await symlink('/bin/sh', join(folder, 'tools', 'shell'));
    const allowed = [rules(join(folder, 'tools'), 'a')];
    expect(await admit(join(folder, 'tools', 'own'), ['a'], allowed)).toMatchObject({ args: ['a'] });
    for (const name of ['tools/shell', 'tools/../../bin/sh'])
      await expect(admit(join(folder, name), ['a'], allowed)).rejects.toMatchObject({ code: 'PermissionDenied' });
  });

  it('is given its paths in full, links resolved, and none outside of the roots', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'data'));
    await symlink('/etc', join(folder, 'out'));
    await symlink('data', join(folder, 'in'));
    const allowed = [{ program: 'sh', args: [{ path: true as const }] }];
    const paths = createPathGuard([folder]);
    const check = (path: string): Promise<string> => paths.resolve(path, 'args');
    const asked = (path: string) => admitCommand({ command: 'sh', args: [join(folder, path)] }, allowed, check);
    expect((await asked('in/new')).args).toEqual([join(folder, 'data', 'new')]);
    await expect(asked('out/passwd')).rejects.toThrow(/commands\[0\].args\[0\].*outside the folders/);
    await expect(asked('in/a\0b')).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

describe('the warnings of a worker', () => {
  it('name the interpreters that may run anything', async () => {
    const folder = await temporaryFolder();
    await symlink('/bin/bash', join(folder, 'tool'));
    const anything: CommandRules = { program: 'bash', args: 'any' };
    const warnings = await policyWarnings(['sh', 'cat', join(folder, 'tool'), rules('sh', 'a'), anything, 'no-such']);
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toMatch(/`sh` may run with any arguments/);
  });
});

function rules(program: string, ...args: string[]): CommandRules {
  return { program, args: args.map((exact) => ({ exact })) };
}

function admit(command: string, args: string[], allowed: AllowedCommand[]): ReturnType<typeof admitCommand> {
  return admitCommand({ command, args }, allowed, () => Promise.reject(new Error('there is no path')));
}
