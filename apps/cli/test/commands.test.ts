import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { OPERATION_STEPS } from '@suanxiang/domain/workload-state';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { completionAt } from '../src/commands/completion';
import { flagsOf, paramNames } from '../src/flags';
import { FIELD_LABELS_ZH, GROUP_LABELS, STEP_LABELS_ZH } from '../src/labels';
import { speak } from '../src/messages';
import { buildProgram } from '../src/program';
import { LIST_COLUMNS, NESTED_COLUMNS } from '../src/render/columns';
import { runCli, testEnv } from './harness';

const OWN_COMMANDS = [
  ...['login', 'use', 'invoices verify', 'completion', '__complete', 'help', 'events'],
  ...['profile ls', 'profile use', 'profile add', 'profile set', 'profile rm'],
  ...['ls', 'launch', 'show', 'stop', 'start', 'terminate', 'logs', 'exec', 'terminal', 'ssh', 'ssh-config'],
];
const program = buildProgram({
  env: testEnv('/nowhere/config.json'),
  io: { columns: 80 } as never,
  say: speak('en'),
  locale: 'en',
  send: fetch,
});

/** Every command that does something, by its words. */
function runnable(command: Command, words: string[] = []): { path: string; command: Command }[] {
  const here = (command as unknown as { _actionHandler: unknown })._actionHandler;
  const own = words.length > 0 && here ? [{ path: words.join(' '), command }] : [];
  return [...own, ...command.commands.flatMap((child) => runnable(child, [...words, child.name()]))];
}
const commands = runnable(program);

describe('the command tree', () => {
  it('reaches every operation by exactly one command, and nothing else', () => {
    const expected = [...ROUTES.map((route) => route.cli), ...OWN_COMMANDS].sort();
    expect(commands.map((entry) => entry.path).sort()).toEqual(expected);
  });

  it.each(ROUTES.map((route) => [route.cli, route as Route] as const))('%s has all its fields', (cli, route) => {
    const command = commands.find((entry) => entry.path === cli)!.command;
    const long = command.options.map((option) => option.long);
    const fields = [...flagsOf(route.query, 'query'), ...flagsOf(route.body, 'body')];
    for (const flag of fields) expect(long).toContain(flag.name);
    expect(new Set(long).size, 'no flag twice').toBe(long.length);
    expect(command.registeredArguments.map((argument) => argument.name())).toEqual(
      paramNames(route.path).map((name) => name.replaceAll('_', '-')),
    );
  });

  it('describes every group and every saga step in both languages', () => {
    const groups = program.commands.filter((command) => command.commands.length > 0 && command.name() !== 'usage');
    for (const group of groups) expect(GROUP_LABELS[group.name()], group.name()).toBeDefined();
    for (const step of Object.values(OPERATION_STEPS).flat()) expect(STEP_LABELS_ZH[step], step).toBeDefined();
  });

  it('has a Chinese name for every field of the API', () => {
    const missing = [...fieldNames()].filter((name) => FIELD_LABELS_ZH[name] === undefined && !TEXT_FIELDS.has(name));
    expect(missing).toEqual([]);
  });

  it('shows only columns that exist', () => {
    const paths = Object.values(LIST_COLUMNS).flatMap((columns) => columns ?? []);
    const known = fieldNames();
    const columns = [
      ...paths.flatMap((path) => path.replace(/\?$/, '').split('.')),
      ...Object.values(NESTED_COLUMNS)
        .flat()
        .map((name) => name.replace(/\?$/, '')),
    ];
    expect(columns.filter((name) => !known.has(name))).toEqual([]);
    for (const operationId of Object.keys(LIST_COLUMNS))
      expect(ROUTES.some((route) => route.operationId === operationId)).toBe(true);
  });
});

/** The two halves of a bilingual text are never shown by name. */
const TEXT_FIELDS = new Set(['en', 'zh']);

/** Every field name in requests and answers. */
function fieldNames(): Set<string> {
  const names = new Set<string>();
  const collect = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties } = schema as { properties?: object };
    for (const name of Object.keys(properties ?? {})) names.add(name);
    for (const part of Object.values(schema)) collect(part);
  };
  for (const route of ROUTES as readonly Route[]) {
    for (const schema of [route.params, route.query, route.body])
      if (schema) collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    if (route.response.schema) collect(z.toJSONSchema(route.response.schema, { unrepresentable: 'any' }));
  }
  return names;
}

/** What is offered at the end of a line; a last space begins a new word. */
function candidates(line: string): string[] {
  const found = completionAt(program, line.split(' '));
  return 'known' in found ? found.known.map((one) => one.value) : [];
}

describe('help and completion', () => {
  it('prints help in both languages and exits 0', async () => {
    const english = await runCli('instances create --help');
    expect(english.code).toBe(0);
    expect(english.out).toMatch(/--gpus <n> +GPUs \(one of: 1, 2, 4, 8; default: 1\)/);
    const chinese = await runCli('instances create --help --lang zh-CN');
    expect(chinese.out).toContain('用法：');
    expect(chinese.out).toMatch(/--gpus <n> +卡数（可选：1, 2, 4, 8；默认：1）/);
  });

  it('names unknown commands and flags, and exits 2', async () => {
    const command = await runCli('instances creat');
    expect([command.code, command.err]).toEqual([2, "suan: unknown command 'creat'\n(Did you mean create?)\n"]);
    const flag = await runCli('offers list --regoin-id x', { locale: 'zh-CN' });
    expect([flag.code, flag.err]).toEqual([2, "suan: 未知选项 '--regoin-id'\n（是否想输入 --region-id？）\n"]);
    expect((await runCli('instances')).code).toBe(2);
  });

  it('completes commands, flags and allowed values', () => {
    expect(candidates('inst')).toEqual(['instances']);
    expect(candidates('instances st')).toEqual(['start', 'stop']);
    expect(candidates('instances create --on')).toEqual(['--on-capacity']);
    expect(candidates('instances create --gpus ')).toEqual(['1', '2', '4', '8']);
    expect(candidates('instances create --gpus = ')).toEqual(['1', '2', '4', '8']);
    expect(candidates('instances create --gpus=')).toEqual(['--gpus=1', '--gpus=2', '--gpus=4', '--gpus=8']);
    expect(candidates('invoice ve')).toEqual(['verify']);
    expect(candidates('usage ')).toEqual(['blocks', 'costs', 'idle']);
    expect(candidates('')).not.toContain('__complete');
  });

  it('names what only the API knows, also behind options and other words', () => {
    expect(completionAt(program, ['instances', 'get', 'tr'])).toEqual({
      wanted: 'instance-id',
      prefix: 'tr',
      before: '',
    });
    expect(completionAt(program, ['stop', '--json', '--org', 'lab', ''])).toMatchObject({ wanted: 'name' });
    expect(completionAt(program, ['launch', '--region-id=cn'])).toEqual({
      wanted: '--region-id',
      prefix: 'cn',
      before: '--region-id=',
    });
    expect(completionAt(program, ['stop', 'one', ''])).toEqual({ known: [] });
    expect(completionAt(program, ['ssh-config', 'one', ''])).toMatchObject({ wanted: 'names' });
  });

  it('prints completion scripts and refuses unknown shells', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await runCli(`completion ${shell}`)).out).toContain('suan __complete');
    const unknown = await runCli('completion tcsh');
    expect([unknown.code, unknown.err]).toEqual([2, 'suan: completion knows bash, zsh and fish, not "tcsh".\n']);
    expect((await runCli('__complete bash -- clusters create --topology same')).out).toBe('same_leaf\nsame_spine\n');
  });
});
