import { cliReference } from '@suanxiang/cli/reference';
import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { header, table } from './markdown';

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

interface Text {
  flags: string;
  en: string;
  zh: string;
}

function optionTable(options: readonly Text[]): string {
  if (options.length === 0) return '';
  const rows = options.map(({ flags, en, zh }) => [`\`${cell(flags)}\``, cell(en), cell(zh)]);
  return `${table(['option', 'meaning', '含义'], rows)}\n`;
}

/** Reference of the command line: what the API can do and by which command, exit codes, environment, every command. */
export function cliDoc(): string {
  const { commands, commonOptions, exitCodes, environment, precedence } = cliReference();
  const codes = exitCodes.map(({ code, meaning }) => [String(code), meaning.en, meaning.zh]);
  const variables = environment.map(({ name, meaning }) => [`\`${name}\``, meaning.en, meaning.zh]);
  const operations = (ROUTES as readonly Route[])
    .filter((route) => route.auth !== 'operator')
    .map((route) => [`\`${route.method} ${route.path}\``, `\`suan ${route.cli}\``, cell(route.summary.en)]);
  const text = [
    header('Command line', 'the contract and apps/cli'),
    'Also as `suan COMMAND --help`. The guide: [cli.md](../guides/cli.md).\n\n',
    `## Exit codes\n\n${table(['code', 'meaning', '含义'], codes)}\n`,
    `## Environment\n\n${precedence.en}\n\n${table(['variable', 'meaning', '含义'], variables)}\n`,
    `## Options of every command\n\n${optionTable(commonOptions)}`,
    `## What a tenant can do, and the command for it\n\n${table(['operation', 'command', 'does'], operations)}\n`,
    '## Commands\n\n',
    ...commands.map(
      ({ words, usage, en, zh, options }) => `### ${words}\n\n${en} · ${zh}\n\n\`${usage}\`\n\n${optionTable(options)}`,
    ),
  ];
  return text.join('').replace(/\n+$/, '\n');
}
