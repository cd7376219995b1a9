/**
 * Scripts that ask `suan __complete` what may stand at the cursor. It answers one candidate a line, with a tab and a
 * description where there is one. Candidates are never expanded by the shell.
 */
export const COMPLETION_SCRIPTS: Record<string, string> = {
  bash: `# suan completion for bash: source <(suan completion bash)
_suan() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(suan __complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _suan suan
`,
  zsh: `#compdef suan
# suan completion for zsh: source <(suan completion zsh), or save it as _suan in a folder of $fpath
_suan() {
  local line
  local -a values shown
  while IFS= read -r line; do
    values+=("\${line%%$'\\t'*}")
    if [[ "$line" == *$'\\t'* ]]; then
      shown+=("\${line%%$'\\t'*}  -- \${line#*$'\\t'}")
    else
      shown+=("$line")
    fi
  done < <(suan __complete zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#values} )); then
    compadd -l -d shown -- "\${values[@]}"
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _suan ]]; then
  _suan "$@"
else
  compdef _suan suan
fi
`,
  fish: `# suan completion for fish: suan completion fish | source
function __suan_complete
  set -l words (commandline -opc) (commandline -ct)
  suan __complete fish -- $words[2..-1] 2>/dev/null
end
complete -c suan -f -a '(__suan_complete)'
complete -c suan -n 'test (count (__suan_complete)) -eq 0' -F
`,
};
