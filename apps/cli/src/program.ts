import type { Route } from '@suanxiang/contract/route';
import { ROUTES } from '@suanxiang/contract/routes';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import { Argument, Command, Option } from 'commander';
import pkg from '../package.json' with { type: 'json' };
import { translateHelpTitle, translateUsageError } from './commander-zh';
import { completionCandidates, completionScript } from './commands/completion';
import { login } from './commands/login';
import { useOrganization } from './commands/use';
import { verifyInvoice } from './commands/verify-invoice';
import type { Env } from './env';
import { type Flag, flagsOf, paramNames, positionalName } from './flags';
import type { Io } from './io';
import { fieldLabel, GROUP_LABELS } from './labels';
import type { Say } from './messages';
import { displayWidth } from './render/width';
import type { Options } from './request';
import { canWait, hasFile, hasPages, hasTail, runRoute } from './route-command';
import { type GlobalOptions, openContext } from './session';

/** What the commands of one program share. */
export interface Shell {
  env: Env;
  io: Io;
  say: Say;
  locale: Locale;
  send: typeof fetch;
}

/** The whole command tree, made from the contract's route table and five commands of its own. */
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
    .addHelpText('after', `\n${say('exitCodes')}`);
  for (const route of ROUTES as readonly Route[]) addRoute(program, route, shell);
  addOwnCommands(program, shell);
  return program;
}

/** The command at the end of a path of words; groups on the way are made when they are missing. */
function commandAt(parent: Command, words: string[], locale: Locale): Command {
  return words.reduce((at, word) => {
    const existing = at.commands.find((command) => command.name() === word);
    if (existing) return existing;
    const made = at.command(word);
    const label = GROUP_LABELS[word];
    if (label) made.description(inLocale(label, locale));
    return made;
  }, parent);
}

function addRoute(program: Command, route: Route, shell: Shell): void {
  const { say, locale } = shell;
  const command = commandAt(program, route.cli.split(' '), locale);
  const flags = [...flagsOf(route.query, 'query'), ...flagsOf(route.body, 'body')];
  command.description(inLocale(route.summary, locale));
  for (const param of paramNames(route.path)) command.addArgument(positional(param, shell));
  for (const flag of [...flags].sort((a, b) => Number(b.required) - Number(a.required)))
    for (const option of optionsOf(flag, shell)) command.addOption(option);
  if (route.body) command.option('--body <file>', say('optBody'));
  if (hasPages(route)) command.option('--all', say('optAll'));
  if (hasTail(route)) command.option('-f, --follow', say('optFollow'));
  if (canWait(route)) {
    command.option('--wait', say('optWait'));
    command.option('--wait-timeout <seconds>', say('optWaitTimeout'));
  }
  if (route.idempotency !== 'none') command.option('--idempotency-key <key>', say('optIdempotencyKey'));
  if (hasFile(route)) command.option('-o, --output <file>', say('optOutput'));
  addGlobalOptions(command, say);
  command.action(async (...args: unknown[]) => {
    const positionals = args.slice(0, paramNames(route.path).length) as (string | undefined)[];
    const options = command.opts<Options>();
    await runRoute(await contextOf(command, shell), route, flags, positionals, options);
  });
}

function positional(param: string, { say }: Shell): Argument {
  const name = positionalName(param);
  if (param === 'organization_id') return new Argument(`[${name}]`, say('organizationDefault'));
  return new Argument(`<${name}>`, /^(instance|cluster)_id$/.test(param) ? say('idOrName') : '');
}

/** A flag as commander options: one, or a pair `--x`, `--no-x` for booleans. */
function optionsOf(flag: Flag, shell: Shell): Option[] {
  const description = describe(flag, shell);
  if (flag.kind === 'boolean' || flag.kind === 'boolean_text')
    return [new Option(flag.name, description), new Option(flag.name.replace('--', '--no-')).hideHelp()];
  const value = { number: 'n', list: 'a,b', map: 'key=value', json: 'json', string: 'text' }[flag.kind];
  const option = new Option(`${flag.name} <${value}>`, description);
  if (flag.choices) option.argChoices = flag.choices;
  if (flag.kind === 'list' || flag.kind === 'map')
    option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
  return [option];
}

function describe(flag: Flag, { say, locale }: Shell): string {
  const label = locale === 'en' && flag.description ? flag.description : fieldLabel(flag.field, locale);
  const notes: string[] = [];
  if (flag.required) notes.push(say('required'));
  if (flag.choices) notes.push(say('oneOf', { values: flag.choices.join(', ') }));
  if (flag.kind === 'list') notes.push(say('repeatable'));
  if (flag.kind === 'map') notes.push(say('pairs'));
  if (flag.fromFile) notes.push(say('argFile'));
  const preset = flag.defaultValue;
  const shown = typeof preset === 'object' || preset === false ? null : preset;
  if (shown !== null) notes.push(say('default', { value: String(shown) }));
  const [open, close] = locale === 'zh-CN' ? ['（', '）'] : [' (', ')'];
  return notes.length ? `${label}${open}${notes.join(locale === 'zh-CN' ? '；' : '; ')}${close}` : label;
}

function addGlobalOptions(command: Command, say: Say): void {
  command
    .option('--json', say('optJson'))
    .option('--org <org>', say('optOrg'))
    .option('--profile <name>', say('optProfile'))
    .option('--lang <lang>', say('optLang'))
    .option('--api-url <url>', say('optApiUrl'))
    .option('--timeout <seconds>', say('optTimeout'))
    .option('--retries <n>', say('optRetries'));
}

function contextOf(command: Command, { env, io, say, locale, send }: Shell) {
  return openContext({ ...env, locale }, io, say, command.opts<GlobalOptions>(), send);
}

function addOwnCommands(program: Command, shell: Shell): void {
  const { say, io } = shell;
  const loginCommand = program.command('login').description(say('login'));
  loginCommand
    .option('--email <text>', fieldLabel('email', shell.locale))
    .option('--api-key <key>', say('loginApiKey'));
  addGlobalOptions(loginCommand, say);
  loginCommand.action(async () =>
    login(await contextOf(loginCommand, shell), loginCommand.opts<{ email?: string; apiKey?: string }>()),
  );

  const use = program.command('use').description(say('use')).argument('<organization>', say('optOrg'));
  addGlobalOptions(use, say);
  use.action(async (wanted: string) => useOrganization(await contextOf(use, shell), wanted));

  const invoices = commandAt(program, ['invoices'], shell.locale).alias('invoice');
  const verify = invoices.command('verify').description(say('verifyInvoice')).argument('<invoice-id>');
  addGlobalOptions(verify, say);
  verify.action(async (id: string) => verifyInvoice(await contextOf(verify, shell), id));

  const completion = program.command('completion').description(say('completion')).argument('<shell>');
  completion.action((name: string) => io.out(completionScript(name, say)));
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((words: string[]) =>
      io.out(
        completionCandidates(program, words)
          .map((word) => `${word}\n`)
          .join(''),
      ),
    );
}
