import type { Locale } from '@suanxiang/domain/locale';
import type { Command, Option } from 'commander';
import { ENVIRONMENT, PRECEDENCE } from './commands/help';
import { EMPTY_ENV } from './env';
import { EXIT_CODES } from './exit-codes';
import { speak } from './messages';
import { buildProgram } from './program';

interface OptionText {
  flags: string;
  en: string;
  zh: string;
}

interface CommandText {
  /** Words after `suan`. */
  words: string;
  usage: string;
  en: string;
  zh: string;
  options: OptionText[];
}

/** The command tree in one language; nothing in it is run. */
function programIn(locale: Locale): Command {
  const io = { columns: null } as never;
  return buildProgram({ env: { ...EMPTY_ENV, locale }, io, say: speak(locale), locale, send: fetch });
}

/** Every command that does something, in the order of the help. */
function runnable(command: Command, words: string[] = []): { words: string[]; command: Command }[] {
  const acts = (command as unknown as { _actionHandler: unknown })._actionHandler;
  const own = words.length > 0 && acts && !command.name().startsWith('_') ? [{ words, command }] : [];
  return [...own, ...command.commands.flatMap((child) => runnable(child, [...words, child.name()]))];
}

function usageOf(words: string[], command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return ['suan', ...words, ...args].join(' ');
}

const isOwn = (option: Option) => !option.hidden && !option.helpGroupHeading;

function optionTexts(command: Command, zh: Command, which: (option: Option) => boolean): OptionText[] {
  const chinese = zh.options.filter(which);
  return command.options
    .filter(which)
    .map((option, index) => ({ flags: option.flags, en: option.description, zh: chinese[index]!.description }));
}

/** The command line as data, for its reference. */
export function cliReference() {
  const english = runnable(programIn('en'));
  const chinese = runnable(programIn('zh-CN'));
  const commands: CommandText[] = english.map(({ words, command }, index) => {
    const zh = chinese[index]!.command;
    return {
      words: words.join(' '),
      usage: usageOf(words, command),
      en: command.description(),
      zh: zh.description(),
      options: optionTexts(command, zh, isOwn),
    };
  });
  const common = (option: Option) => option.helpGroupHeading !== undefined;
  const [first, second] = [english[0]!.command, chinese[0]!.command];
  return {
    commands,
    commonOptions: optionTexts(first, second, common),
    exitCodes: EXIT_CODES,
    environment: ENVIRONMENT,
    precedence: PRECEDENCE,
  };
}
