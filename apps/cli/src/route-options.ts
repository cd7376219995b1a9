import type { Route } from '@suanxiang/contract/route';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import { Argument, type Command, Option } from 'commander';
import type { Env } from './env';
import { type Flag, fieldFlags, paramNames, positionalName } from './flags';
import type { Io } from './io';
import { GROUP_LABELS, requestLabel } from './labels';
import type { Say } from './messages';
import type { Options } from './request';
import { canWait, hasFile, hasPages, hasTail, runRoute } from './route-command';
import { type GlobalOptions, openContext } from './session';
import { canWatch } from './watch';

/** What the commands of one program share. */
export interface Shell {
  env: Env;
  io: Io;
  say: Say;
  locale: Locale;
  send: typeof fetch;
}

/** The command at the end of a path of words; groups on the way are made when they are missing. */
export function commandAt(parent: Command, words: string[], locale: Locale): Command {
  return words.reduce((at, word) => {
    const existing = at.commands.find((command) => command.name() === word);
    if (existing) return existing;
    const made = at.command(word);
    const label = GROUP_LABELS[word];
    if (label) made.description(inLocale(label, locale));
    return made;
  }, parent);
}

/** Arguments, options and action of an operation on a command; `waits` for commands that follow unless told not to. */
export function addRouteTo(command: Command, route: Route, shell: Shell, { waits }: { waits: boolean }): void {
  for (const param of paramNames(route.path)) command.addArgument(positional(param, shell));
  addRouteOptions(command, route, shell, waits);
  command.action(async (...args: unknown[]) => {
    const positionals = args.slice(0, paramNames(route.path).length) as (string | undefined)[];
    await runRoute(await contextOf(command, shell), route, positionals, command.opts<Options>());
  });
}

/** The options of an operation: its fields, then what the program adds to operations of its kind. */
export function addRouteOptions(command: Command, route: Route, shell: Shell, waits: boolean): void {
  const { say } = shell;
  for (const flag of [...fieldFlags(route)].sort((a, b) => Number(b.required) - Number(a.required)))
    for (const option of optionsOf(flag, shell)) command.addOption(option);
  if (route.body) command.option('--body <file>', say('optBody'));
  if (hasPages(route)) command.option('--all', say('optAll'));
  if (hasTail(route)) command.option('-f, --follow', say('optFollow'));
  if (canWatch(route)) addWatchOptions(command, say);
  if (canWait(route)) {
    if (waits) command.option('--no-wait', say('optNoWait'));
    else {
      command.option('--wait', say('optWait'));
      command.addOption(new Option('--no-wait').hideHelp());
    }
    command.option('--wait-timeout <seconds>', say('optWaitTimeout'));
  }
  if (route.idempotency !== 'none') command.option('--idempotency-key <key>', say('optIdempotencyKey'));
  if (hasFile(route)) command.option('-o, --output <file>', say('optOutput'));
  addGlobalOptions(command, say);
}

/** Options of commands that can show their answer again and again. */
export function addWatchOptions(command: Command, say: Say): void {
  command.option('-w, --watch', say('optWatch'));
  command.option('--every <seconds>', say('optEvery'));
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
  const label = locale === 'en' && flag.description ? flag.description : requestLabel(flag.field, locale);
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

/** Options that every command has that talks to the API. */
export function addGlobalOptions(command: Command, say: Say): void {
  const add = (flags: string, text: string) =>
    command.addOption(new Option(flags, text).helpGroup(say('groupGlobalOptions')));
  add('--json', say('optJson'));
  add('--org <org>', say('optOrg'));
  add('--profile <name>', say('optProfile'));
  add('--lang <lang>', say('optLang'));
  add('--api-url <url>', say('optApiUrl'));
  add('--timeout <seconds>', say('optTimeout'));
  add('--retries <n>', say('optRetries'));
}

/** What a command works with, from its options. */
export function contextOf(command: Command, { env, io, say, locale, send }: Shell) {
  return openContext({ ...env, locale }, io, say, command.opts<GlobalOptions>(), send);
}
