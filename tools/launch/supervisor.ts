import { readFileSync } from 'node:fs';
import { type OwnProcess, ownProcess } from './pids';
import { say } from './progress';

/** A running server or app, whatever started it. */
export interface Handle {
  readonly pid: number;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceSpec {
  readonly name: string;
  readonly logFile: string;
  /** Starts it and resolves once it serves; rejects when it does not come up or `signal` asks to give up. */
  start(signal: AbortSignal): Promise<Handle>;
  /** True when starting again cannot help (a bad setting). */
  isFinal?(): boolean;
}

const firstDelayMs = 1_000;
const maxDelayMs = 30_000;
const maxRestarts = 5;
/** A process that lived this long has earned a fresh count of restarts. */
const stableMs = 60_000;

/** Last lines of a log file, indented for the terminal. */
export function logTail(file: string, lines = 15): string {
  try {
    const text = readFileSync(file, 'utf8').trimEnd();
    return text
      .split('\n')
      .slice(-lines)
      .map((line) => `    ${line.slice(0, 400)}`)
      .join('\n');
  } catch {
    return '    (no log)';
  }
}

/**
 * Keeps services running: a service that ends by itself is announced with the end of its log and started again with
 * growing delays; after five tries in a row `onGiveUp` is told. Stops in reverse order of starting.
 */
export class Supervisor {
  readonly #running = new Map<string, Handle>();
  readonly #order: string[] = [];
  readonly #starting = new Map<string, Promise<Handle>>();
  readonly #abort = new AbortController();
  readonly #onGiveUp: (name: string) => void;
  readonly #onChange: () => void;

  constructor(events: { onGiveUp: (name: string) => void; onChange: () => void }) {
    this.#onGiveUp = events.onGiveUp;
    this.#onChange = events.onChange;
  }

  /** Everything running now, for the run record. */
  processes(): OwnProcess[] {
    return [...this.#running].map(([name, handle]) => ownProcess(name, handle.pid));
  }

  /** Starts a service for the first time; a failure here is the caller's to report. */
  async start(spec: ServiceSpec): Promise<Handle> {
    this.#order.push(spec.name);
    const handle = await this.#launch(spec);
    this.#watch(spec, handle, 0);
    return handle;
  }

  async #launch(spec: ServiceSpec): Promise<Handle> {
    const starting = spec.start(this.#abort.signal);
    this.#starting.set(spec.name, starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(spec.name);
    }
  }

  #watch(spec: ServiceSpec, handle: Handle, restarts: number): void {
    this.#running.set(spec.name, handle);
    this.#onChange();
    const since = performance.now();
    void handle.exited.then(() => {
      this.#running.delete(spec.name);
      this.#onChange();
      if (this.#abort.signal.aborted) return;
      say(`${spec.name} ended unexpectedly. The end of ${spec.logFile}:\n${logTail(spec.logFile)}`);
      const lived = performance.now() - since;
      void this.#restart(spec, lived > stableMs ? 0 : restarts);
    });
  }

  async #restart(spec: ServiceSpec, restarts: number): Promise<void> {
    for (let attempt = restarts; attempt < maxRestarts && !spec.isFinal?.(); attempt += 1) {
      const delayMs = Math.min(firstDelayMs * 2 ** attempt, maxDelayMs);
      say(`Starting ${spec.name} again in ${delayMs / 1000} s (try ${attempt + 1} of ${maxRestarts})`);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (this.#abort.signal.aborted) return;
      try {
        const handle = await this.#launch(spec);
        say(`${spec.name} is back`);
        this.#watch(spec, handle, attempt + 1);
        return;
      } catch (error) {
        say(`${spec.name} did not start: ${(error as Error).message}`);
      }
    }
    if (!this.#abort.signal.aborted) this.#onGiveUp(spec.name);
  }

  /** Stops everything, the last started first. Never rejects. */
  async stop(): Promise<void> {
    this.#abort.abort();
    for (const name of this.#order.toReversed()) {
      try {
        // What is still starting cannot be left behind: it is awaited, and then stopped like the others.
        const handle = this.#running.get(name) ?? (await this.#starting.get(name)?.catch(() => undefined));
        await handle?.stop();
      } catch (error) {
        say(`Stopping ${name}: ${(error as Error).message}`);
      }
    }
  }
}
