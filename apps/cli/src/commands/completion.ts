import type { Command } from 'commander';
import { UsageError } from '../exit-codes';
import type { Say } from '../messages';

const SCRIPTS: Record<string, string> = {
  bash: `_suan() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(suan __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _suan suan
`,
  zsh: `#compdef suan
_suan() {
  local -a found
  found=("\${(@f)$(suan __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _suan suan
`,
  fish: `function __suan_complete
  set -l words (commandline -opc) (commandline -ct)
  suan __complete -- $words[2..-1] 2>/dev/null
end
complete -c suan -f -a '(__suan_complete)'
`,
};

/** Completion script of a shell: `source <(suan completion bash)`. Throws UsageError for an unknown shell. */
export function completionScript(shell: string, say: Say): string {
  const script = SCRIPTS[shell];
  if (!script) throw new UsageError(say('badShell', { given: shell }));
  return script;
}

/** What may stand in the place of the last word: values of the flag before it, flags, or commands. */
export function completionCandidates(program: Command, words: string[]): string[] {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command = program;
  for (const word of before) command = command.commands.find((child) => child.name() === word) ?? command;
  const previous = before.at(-1) ?? '';
  const option = command.options.find((candidate) => candidate.long === previous && !candidate.isBoolean());
  if (option) return startingWith(option.argChoices ?? [], current);
  if (current.startsWith('-')) {
    const flags = command.options.filter((candidate) => !candidate.hidden).map((candidate) => candidate.long ?? '');
    return startingWith([...flags, '--help'], current);
  }
  const names = command.commands.map((child) => child.name()).filter((name) => !name.startsWith('_'));
  return startingWith(names, current);
}

function startingWith(values: readonly string[], prefix: string): string[] {
  return values.filter((value) => value.startsWith(prefix)).sort();
}
