import type { Command } from 'commander';
import { UsageError } from '../exit-codes';
import type { Say } from '../messages';
import { COMPLETION_SCRIPTS } from './completion-scripts';

/** One thing that may stand at the cursor. */
export interface Candidate {
  value: string;
  /** Shown beside it by shells that can; one line. */
  description?: string;
}

/** What stands at the cursor: candidates that the command tree knows, or the kind of value that must be asked for. */
export type Completion = { known: Candidate[] } | { wanted: string; prefix: string; before: string };

/** Completion script of a shell: `source <(suan completion bash)`. Throws UsageError for an unknown shell. */
export function completionScript(shell: string, say: Say): string {
  const script = COMPLETION_SCRIPTS[shell];
  if (!script) throw new UsageError(say('badShell', { given: shell }));
  return script;
}

/** bash cuts words at `=`: `--flag`, `=`, `val` become `--flag`, `val`. */
function joined(words: readonly string[]): string[] {
  return words.flatMap((word, index) => (word === '=' && index < words.length - 1 ? [] : [word === '=' ? '' : word]));
}

/** The command that the words lead to, and how many positionals stand behind it. */
function reach(program: Command, words: string[]): { command: Command; positionals: number } {
  let command = program;
  let positionals = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (word.startsWith('-')) {
      const option = command.options.find((candidate) => candidate.long === word || candidate.short === word);
      if (option && !option.isBoolean()) at += 1;
      continue;
    }
    const child = positionals === 0 ? commandOf(command, word) : undefined;
    if (child) command = child;
    else positionals += 1;
  }
  return { command, positionals };
}

const commandOf = (parent: Command, word: string) =>
  parent.commands.find((child) => child.name() === word || child.aliases().includes(word));

/**
 * What may stand in the place of the last word: values of the option before it, options, commands, or values of a positional.
 * Values that only the API knows are named as `wanted`: the argument (`instance-id`) or option (`--region-id`).
 */
export function completionAt(program: Command, typed: readonly string[]): Completion {
  const words = joined(typed);
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { command, positionals } = reach(program, before);
  const [, flag, prefix] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? [];
  const name = flag ?? before.at(-1) ?? '';
  const option = command.options.find(
    (candidate) => (candidate.long === name || candidate.short === name) && !candidate.isBoolean(),
  );
  if (option) {
    const begun = prefix ?? current;
    const head = flag ? `${flag}=` : '';
    if (!option.argChoices) return { wanted: option.long!, prefix: begun, before: head };
    return { known: startingWith(option.argChoices, begun).map((value) => ({ value: head + value })) };
  }
  if (current.startsWith('-')) return { known: optionsOf(command, current) };
  const children = command.commands.filter((child) => !child.name().startsWith('_'));
  if (positionals === 0 && children.length > 0) {
    const names = new Map(children.map((child) => [child.name(), child.description()]));
    const known = startingWith([...names.keys()], current);
    return { known: known.map((value) => ({ value, description: names.get(value)! })) };
  }
  const argument =
    command.registeredArguments[positionals] ?? command.registeredArguments.findLast((one) => one.variadic);
  if (!argument) return { known: [] };
  if (argument.argChoices) return { known: startingWith(argument.argChoices, current).map((value) => ({ value })) };
  return { wanted: argument.name(), prefix: current, before: '' };
}

function optionsOf(command: Command, current: string): Candidate[] {
  const shown = command.options.filter((candidate) => !candidate.hidden && candidate.long);
  const texts = new Map(shown.map((candidate) => [candidate.long!, candidate.description]));
  texts.set('--help', '');
  return startingWith([...texts.keys()], current).map((value) => ({ value, description: texts.get(value)! }));
}

function startingWith(values: readonly string[], prefix: string): string[] {
  return values.filter((value) => value.startsWith(prefix)).sort();
}

/** Candidates as `suan __complete` prints them; descriptions for shells that show them. */
export function candidateLines(candidates: readonly Candidate[], shell: string): string {
  return candidates
    .map(({ value, description }) => {
      const text = description?.replace(/\s+/g, ' ').trim();
      return shell !== 'bash' && text ? `${value}\t${text}\n` : `${value}\n`;
    })
    .join('');
}
