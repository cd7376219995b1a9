import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** One line of a journal: checksum of the JSON that follows. */
export function encodeEntry(entry: unknown): string {
  const json = JSON.stringify(entry);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

function decodeLine(line: string): { entry: unknown } | null {
  const json = line.slice(9);
  if (line[8] !== ' ' || crc32(json).toString(16).padStart(8, '0') !== line.slice(0, 8)) return null;
  return { entry: JSON.parse(json) };
}

/**
 * Reads a journal's text. What a crash cut off at its end is left out; `validBytes` is where it begins. Damage before
 * the end throws: it was not a crash of ours.
 */
export function decodeJournal(text: string, source: string): { entries: unknown[]; validBytes: number } {
  const entries: unknown[] = [];
  let validBytes = 0;
  let position = 0;
  while (position < text.length) {
    const end = text.indexOf('\n', position);
    const line = end === -1 ? text.slice(position) : text.slice(position, end);
    const decoded = end === -1 ? null : decodeLine(line);
    if (!decoded) {
      const rest = end === -1 ? '' : text.slice(end + 1);
      if (rest.split('\n').some((later) => decodeLine(later) !== null)) {
        throw new Error(`${source}: damaged entry after ${validBytes} bytes, with good ones behind it`);
      }
      break;
    }
    entries.push(decoded.entry);
    position = end + 1;
    validBytes += Buffer.byteLength(line) + 1;
  }
  return { entries, validBytes };
}

interface Waiter {
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * Append-only file with group commit: entries that arrive while a write is on its way to the disk go with the next one
 * together. `append` returns at once; `durable` resolves when everything appended so far is on disk.
 */
export class Journal {
  /** Rejects when the file cannot be opened; nothing is written before it resolves. */
  readonly #file: Promise<FileHandle>;
  #waiting: string[] = [];
  #waiters: Waiter[] = [];
  #writing: Promise<void> | null = null;
  #failure: Error | null = null;
  #bytes: number;

  /**
   * Appends to the file at `path` after its first `validBytes`; anything behind them is cut off. `after`: what must have
   * happened before (the former journal is closed), so that no entry is on disk before an older one.
   */
  constructor(path: string, validBytes: number, after: Promise<unknown> = Promise.resolve()) {
    this.#bytes = validBytes;
    this.#file = after.then(async () => {
      const file = await open(path, 'a', 0o600);
      await file.truncate(validBytes);
      return file;
    });
    this.#file.catch(() => {});
  }

  /** Resolves when the file is open. */
  async opened(): Promise<void> {
    await this.#file;
  }

  /** Size including what is not written yet. */
  get bytes(): number {
    return this.#bytes;
  }

  append(entry: unknown): void {
    const line = encodeEntry(entry);
    this.#waiting.push(line);
    this.#bytes += Buffer.byteLength(line);
    // The next turn of the event loop writes, so that requests of one turn share a write.
    this.#writing ??= new Promise((resolve) => setImmediate(() => resolve(this.#drain())));
  }

  /** Resolves when all that was appended is on disk; rejects for ever after a failed write. */
  durable(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (!this.#writing) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#failure) {
      const lines = this.#waiting;
      const waiters = this.#waiters;
      this.#waiting = [];
      this.#waiters = [];
      try {
        const file = await this.#file;
        await file.appendFile(lines.join(''));
        await file.datasync();
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        for (const waiter of waiters) waiter.reject(this.#failure);
      }
    }
    // Those who came during the last write without an entry of their own.
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#writing = null;
    for (const waiter of waiters) {
      if (this.#failure) waiter.reject(this.#failure);
      else waiter.resolve();
    }
  }

  /** Writes what is left and closes the file; rejects when that failed. */
  async close(): Promise<void> {
    await this.#writing;
    const file = await this.#file;
    await file.close();
    if (this.#failure) throw this.#failure;
  }
}
