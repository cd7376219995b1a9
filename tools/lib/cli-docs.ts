import { ENVIRONMENT, PRECEDENCE } from '@suanxiang/cli/commands/help';
import { EMPTY_ENV } from '@suanxiang/cli/env';
import { EXIT_CODES } from '@suanxiang/cli/exit-codes';
import { speak } from '@suanxiang/cli/messages';
import { buildProgram } from '@suanxiang/cli/program';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import type { Command } from 'commander';
import { header, table } from './markdown';

/** The command tree in one language; nothing in it is run. */
function programIn(locale: 'en' | 'zh-CN'): Command {
  const io = { columns: null } as never;
  return buildProgram({ env: { ...EMPTY_ENV, locale }, io, say: speak(locale), locale, send: fetch });
}

interface Entry {
  words: string;
  command: Command;
}

/** Every command that does something, in the order of the help. */
function runnable(command: Command, words: string[] = []): Entry[] {
  const acts = (command as unknown as { _actionHandler: unknown })._actionHandler;
  const own = words.length > 0 && acts && !command.name().startsWith('_') ? [{ words: words.join(' '), command }] : [];
  return [...own, ...command.commands.flatMap((child) => runnable(child, [...words, child.name()]))];
}

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

function usageOf({ words, command }: Entry): string {
  const args = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return ['suan', words, ...args].join(' ');
}

const isOwn = (option: Command['options'][number]) => !option.hidden && !option.helpGroupHeading;

function section(entry: Entry, zh: Command): string {
  const { command, words } = entry;
  const options = command.options.filter(isOwn);
  const chinese = zh.options.filter(isOwn);
  const rows = options.map((option, index) => [
    `\`${cell(option.flags)}\``,
    cell(option.description),
    cell(chinese[index]!.description),
  ]);
  const text = `${command.description()} · ${zh.description()}`;
  return `### ${words}\n\n${text}\n\n\`${usageOf(entry)}\`\n\n${rows.length ? `${table(['option', 'meaning', '含义'], rows)}\n` : ''}`;
}

/** Reference of the command line: what the API can do and by which command, exit codes, environment, every command. */
export function cliDoc(): string {
  const english = runnable(programIn('en'));
  const chinese = runnable(programIn('zh-CN'));
  const common = english[0]!.command.options.filter((option) => option.helpGroupHeading);
  const operations = (ROUTES as readonly Route[])
    .filter((route) => route.auth !== 'operator')
    .map((route) => [`\`${route.method} ${route.path}\``, `\`suan ${route.cli}\``, cell(route.summary.en)]);
  return (
    header('Command line', 'the contract and apps/cli') +
    `Also as \`suan COMMAND --help\`. The guide: [cli.md](../guides/cli.md).\n\n` +
    `## Exit codes\n\n${table(
      ['code', 'meaning', '含义'],
      EXIT_CODES.map(({ code, meaning }) => [String(code), meaning.en, meaning.zh]),
    )}\n` +
    `## Environment\n\n${PRECEDENCE.en}\n\n${table(
      ['variable', 'meaning', '含义'],
      ENVIRONMENT.map(({ name, meaning }) => [`\`${name}\``, meaning.en, meaning.zh]),
    )}\n` +
    `## Options of every command\n\n${table(
      ['option', 'meaning'],
      common.map((option) => [`\`${cell(option.flags)}\``, cell(option.description)]),
    )}\n` +
    `## What a tenant can do, and the command for it\n\n${table(['operation', 'command', 'does'], operations)}\n` +
    `## Commands\n\n${english.map((entry, index) => section(entry, chinese[index]!.command)).join('')}`
  ).replace(/\n+$/, '\n');
}
