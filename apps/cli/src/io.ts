import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Interrupted } from './exit-codes';

export interface TerminalCells {
  columns: number;
  rows: number;
}

/** The outside world of a command, so that tests can stand in for it. */
export interface Io {
  out(text: string): void;
  outBytes(bytes: Uint8Array): void;
  err(text: string): void;
  /** True when a person can be asked. */
  interactive: boolean;
  /** Width of the terminal in cells; null when output goes elsewhere. */
  columns: number | null;
  /** Height of the terminal in lines; null when output goes elsewhere. */
  rows: number | null;
  /** Width in cells of the terminal that standard error goes to; null when it goes elsewhere. */
  errColumns: number | null;
  /** Aborted when the person presses Ctrl-C. */
  interrupted: AbortSignal;
  readStdin(): Promise<string>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  /** Throws Interrupted when Ctrl-C comes before the time is over. */
  sleep(durationMs: number): Promise<void>;
  /** Milliseconds from an arbitrary start. */
  elapsedMs(): number;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Standard input as it comes, without an end where a person types. */
  input(): AsyncIterable<Uint8Array>;
  /** Writes bytes; resolves when they have left. */
  write(to: 'out' | 'err', bytes: Uint8Array): Promise<void>;
  /** Keys go on as they are pressed until `release` is called; null where nobody sits at a terminal. */
  rawTerminal(onResize: (size: TerminalCells) => void): { size: TerminalCells; release(): void } | null;
  /** Runs a program on this terminal and answers its exit code; 127 when there is no such program. */
  runProgram(file: string, args: string[]): Promise<number>;
}

/** The real terminal. */
export function terminalIo(interrupted: AbortSignal): Io {
  const { stdout, stderr } = process;
  return {
    out: (text) => stdout.write(text),
    outBytes: (bytes) => stdout.write(bytes),
    err: (text) => stderr.write(text),
    interactive: process.stdin.isTTY === true && stderr.isTTY === true,
    get columns() {
      return stdout.isTTY ? stdout.columns : null;
    },
    get rows() {
      return stdout.isTTY ? stdout.rows : null;
    },
    get errColumns() {
      return stderr.isTTY ? stderr.columns : null;
    },
    interrupted,
    readStdin: () => readAll(process.stdin),
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: (path, bytes) => writeFile(path, bytes),
    ask: (question, options) => askTerminal(question, options?.hidden ?? false),
    sleep: (durationMs) => sleepUnlessInterrupted(durationMs, interrupted),
    elapsedMs: () => performance.now(),
    nowMs: () => Date.now(),
    input: () => process.stdin,
    write: (to, bytes) => new Promise((resolve) => (to === 'out' ? stdout : stderr).write(bytes, () => resolve())),
    rawTerminal,
    runProgram,
  };
}

function rawTerminal(onResize: (size: TerminalCells) => void) {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return null;
  const sizeNow = () => ({ columns: stdout.columns, rows: stdout.rows });
  const resized = () => onResize(sizeNow());
  stdin.setRawMode(true);
  stdout.on('resize', resized);
  return {
    size: sizeNow(),
    release() {
      stdout.off('resize', resized);
      stdin.setRawMode(false);
      // An input that is still listened to would keep the program.
      stdin.destroy();
    },
  };
}

async function sleepUnlessInterrupted(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(durationMs, undefined, { signal });
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  }
}

function runProgram(file: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' });
    child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(127) : reject(error)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
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
        if (key === '\u0003' || key === '\u0004') return finish(() => reject(new Interrupted()));
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
