import { readFile, writeFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { UsageError } from './exit-codes';

/** The outside world of a command, so that tests can stand in for it. */
export interface Io {
  out(text: string): void;
  outBytes(bytes: Uint8Array): void;
  err(text: string): void;
  /** True when a person can be asked. */
  interactive: boolean;
  /** Width of the terminal in cells; null when output goes elsewhere. */
  columns: number | null;
  readStdin(): Promise<string>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  sleep(durationMs: number): Promise<void>;
  /** Milliseconds from an arbitrary start. */
  elapsedMs(): number;
}

/** The real terminal. */
export function terminalIo(): Io {
  return {
    out: (text) => process.stdout.write(text),
    outBytes: (bytes) => process.stdout.write(bytes),
    err: (text) => process.stderr.write(text),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    readStdin: () => readAll(process.stdin),
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: (path, bytes) => writeFile(path, bytes),
    ask: (question, options) => askTerminal(question, options?.hidden ?? false),
    sleep: (durationMs) => delay(durationMs).then(() => undefined),
    elapsedMs: () => performance.now(),
  };
}

/** Asks on standard error and reads one line key by key; a hidden line is not echoed. Ctrl-C ends the program. */
function askTerminal(question: string, hidden: boolean): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve, reject) => {
    let line = '';
    const finish = (act: () => void) => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.off('data', onData);
      stderr.write('\n');
      act();
    };
    const onData = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') return finish(() => resolve(line));
        if (key === '\u0003' || key === '\u0004') return finish(() => reject(new UsageError('interrupted')));
        if (key === '\u007f' || key === '\b') {
          if (line && !hidden) stderr.write('\b \b');
          line = [...line].slice(0, -1).join('');
        } else if (key >= ' ') {
          line += key;
          if (!hidden) stderr.write(key);
        }
      }
    };
    stdin.on('data', onData);
  });
}
