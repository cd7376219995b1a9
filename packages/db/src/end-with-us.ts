import { type ChildProcess, spawn } from 'node:child_process';

/** How a server is ended when we are gone: first politely, then for good. */
export interface LastWords {
  /** Sent at once; null: nothing yet. */
  first: NodeJS.Signals | null;
  /** How long it may take. */
  graceMs: number;
  /** Sent when it still runs after that. */
  last: NodeJS.Signals;
}

// `cat` ends when the pipe closes, and the pipe closes with the process that holds it, however that dies.
const script = `cat >/dev/null
[ "$2" = none ] || kill -"$2" "$1" 2>/dev/null || exit 0
left=$3
while [ "$left" -gt 0 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; left=$((left - 1)); done
kill -"$4" "$1" 2>/dev/null`;

const short = (signal: NodeJS.Signals) => signal.replace(/^SIG/, '');

/**
 * Ends a server that we have started when this process dies without having ended it, even by SIGKILL: a small shell outside
 * of our process group watches a pipe from us. It goes away with the server.
 */
export function endWithUs(server: ChildProcess, words: LastWords): void {
  if (server.pid === undefined || process.platform === 'win32') return;
  const { first, graceMs, last } = words;
  const args = ['-c', script, 'end-with-us', String(server.pid), first ? short(first) : 'none'];
  const watch = spawn('/bin/sh', [...args, String(Math.ceil(graceMs / 100)), short(last)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell the server is only found by the next start, as before.
  watch.on('error', () => {});
  watch.stdin?.on('error', () => {});
  watch.unref();
  (watch.stdin as unknown as { unref?(): void } | null)?.unref?.();
  server.once('exit', () => watch.kill('SIGKILL'));
}
