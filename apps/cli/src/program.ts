import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { inLocale } from '@suanxiang/domain/locale';
import { Command } from 'commander';
import pkg from '../package.json' with { type: 'json' };
import { translateHelpTitle, translateUsageError } from './commander-zh';
import { addOwnCommands } from './own-commands';
import { displayWidth } from './render/width';
import { addRouteTo, commandAt, type Shell } from './route-options';

/** The whole command tree, made from the contract's route table and commands of its own. */
export function buildProgram(shell: Shell): Command {
  const { say, locale, io } = shell;
  const program = new Command('suan');
  program
    .description(say('about'))
    .version(pkg.version, '-V, --version', say('version'))
    .helpOption('-h, --help', say('help'))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) =>
        write((locale === 'zh-CN' ? translateUsageError(text) : text).replace(/^error: /, 'suan: ')),
      ...(io.columns ? { getOutHelpWidth: () => io.columns! } : {}),
    })
    .configureHelp({
      displayWidth,
      optionDescription: (option) => option.description,
      styleTitle: (title) => (locale === 'zh-CN' ? translateHelpTitle(title) : title),
    })
    .addHelpText('after', `\n${say('footer')}`);
  for (const route of ROUTES as readonly Route[]) addRoute(program, route, shell);
  addOwnCommands(program, shell);
  groupHelp(program, shell);
  return program;
}

function addRoute(program: Command, route: Route, shell: Shell): void {
  const command = commandAt(program, route.cli.split(' '), shell.locale);
  command.description(inLocale(route.summary, shell.locale));
  addRouteTo(command, route, shell, { waits: false });
}

/** What people type day by day stands first in the help. */
const EVERYDAY = new Set([
  ...['login', 'sign-up', 'sign-out', 'whoami', 'use', 'profile'],
  ...['ls', 'launch', 'show', 'logs', 'exec', 'terminal', 'ssh', 'ssh-config', 'stop', 'start', 'terminate'],
]);
const TOOLS = new Set(['completion', 'help']);

function groupHelp(program: Command, { say }: Shell): void {
  for (const command of program.commands) {
    const name = command.name();
    command.helpGroup(say(EVERYDAY.has(name) ? 'groupEveryday' : TOOLS.has(name) ? 'groupTools' : 'groupResources'));
  }
  // Help shows groups in the order of their first commands.
  const place = (command: Command) => [...EVERYDAY].indexOf(command.name());
  const first = program.commands.filter((command) => place(command) >= 0).sort((a, b) => place(a) - place(b));
  const rest = program.commands.filter((command) => place(command) < 0);
  (program.commands as Command[]).splice(0, program.commands.length, ...first, ...rest);
}
