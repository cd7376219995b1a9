import {
  DriverError,
  type ExecChunk,
  type ExecRequest,
  type ExecSession,
  type TerminalSize,
} from '@suanxiang/hal/driver';
import { runCommand } from './commands';
import { LineEditor, wordsOf } from './line-editor';
import type { MachineNow } from './machine';
import { Queue } from './queue';

/** Pieces that wait to be read before a program is held back. */
const MOST_WAITING = 8;
const LOOK_MS = 200;
/** As of a program whose machine goes down: 128 + SIGKILL. */
const KILLED = 137;
const WELCOME = 'This is a simulated machine: nothing that you type runs anywhere. Type help, or exit.\r\n';

/** The machine as it is now; null once it is down. */
export type Look = () => Promise<MachineNow | null>;

/** A program or shell in a simulated machine. Ends when the machine does. */
export class SimulatedSession implements ExecSession {
  readonly output = new Queue<ExecChunk>(MOST_WAITING);
  readonly exit: Promise<number>;
  readonly #input = new Queue<Uint8Array>(MOST_WAITING);
  readonly #ended = new AbortController();
  readonly #look: Look;
  #terminal: TerminalSize | null;
  #settle!: (code: number) => void;

  constructor(look: Look, { command, terminal }: ExecRequest) {
    this.#look = look;
    this.#terminal = terminal;
    this.exit = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const watch = setInterval(async () => {
      if ((await look()) === null) this.#finish(KILLED);
    }, LOOK_MS);
    this.#ended.signal.addEventListener('abort', () => clearInterval(watch));
    const run = command === null ? this.#shell() : this.#run(command, this.#input, this.#ended.signal);
    run.then(
      (code) => this.#finish(code),
      () => this.#finish(1),
    );
  }

  #finish(code: number): void {
    this.#settle(code);
    this.#ended.abort();
    this.#input.end();
    this.output.end();
  }

  async #out(stream: ExecChunk['stream'], bytes: string | Uint8Array): Promise<void> {
    const raw = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
    // A terminal goes to the beginning of the line itself; programs end lines with one character.
    const text = this.#terminal ? raw.replace(/(?<!\r)\n/g, '\r\n') : raw;
    await this.output.push({ stream, bytes: Buffer.from(text, typeof bytes === 'string' ? 'utf8' : 'latin1') });
  }

  async #run(words: readonly string[], input: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    const machine = await this.#look();
    if (!machine) return KILLED;
    return runCommand(words[0] ?? 'true', {
      args: words.slice(1),
      machine,
      input,
      terminal: () => this.#terminal,
      out: (bytes) => this.#out('stdout', bytes),
      err: (text) => this.#out(this.#terminal ? 'stdout' : 'stderr', text),
      signal,
    });
  }

  /** Reads lines and runs them, one after the other, until `exit` or the end of the input. */
  async #shell(): Promise<number> {
    const editor = new LineEditor();
    let running: { input: Queue<Uint8Array>; abort: AbortController; done: Promise<void> } | null = null;
    let status = 0;
    const prompt = async () => {
      const machine = await this.#look();
      if (machine && this.#terminal) await this.#out('stdout', `root@${machine.name} (simulated):/workspace# `);
    };
    if (this.#terminal) await this.#out('stdout', WELCOME);
    await prompt();
    for await (const bytes of this.#input) {
      for (const typed of editor.type(bytes)) {
        if (typed.kind === 'echo') {
          if (this.#terminal) await this.#out('stdout', typed.text);
        } else if (running) {
          if (typed.kind === 'line') await running.input.push(Buffer.from(`${typed.text}\n`));
          else running.input.end();
          if (typed.kind === 'interrupt') running.abort.abort();
        } else if (typed.kind === 'interrupt') await prompt();
        else if (typed.kind === 'end') return status;
        else {
          const words = wordsOf(typed.text);
          if (words[0] === 'exit') return words[1] === undefined ? status : Number(words[1]) & 255;
          if (words.length === 0) {
            await prompt();
            continue;
          }
          const abort = new AbortController();
          const input = new Queue<Uint8Array>(MOST_WAITING);
          const signal = AbortSignal.any([abort.signal, this.#ended.signal]);
          const done = this.#run(words, input, signal).then(async (code) => {
            status = code;
            running = null;
            await prompt();
          });
          running = { input, abort, done };
          // What ends at once has ended before the next line is read, as people and scripts expect.
          await Promise.race([done, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
        }
      }
    }
    running?.input.end();
    await running?.done;
    return status;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#input.push(bytes);
  }

  async endInput(): Promise<void> {
    this.#input.end();
  }

  async resize(size: TerminalSize): Promise<void> {
    if (this.#terminal) this.#terminal = size;
  }

  close(): void {
    this.#finish(KILLED);
  }
}

/** Starts a program in a simulated machine. Throws `conflict` when it does not run. */
export async function startProgram(look: Look, allocationId: string, request: ExecRequest): Promise<ExecSession> {
  if ((await look()) === null) throw new DriverError('conflict', `allocation ${allocationId} does not run`);
  return new SimulatedSession(look, request);
}
