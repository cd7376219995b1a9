import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { ConfigError } from '../config-error';
import { decodeJournal, Journal } from './journal';

const JOURNAL = /^journal-(\d{8})\.log$/;
const SNAPSHOT = /^state-(\d{8})\.json$/;

const pad = (generation: number) => String(generation).padStart(8, '0');
const journalName = (generation: number) => `journal-${pad(generation)}.log`;
const snapshotName = (generation: number) => `state-${pad(generation)}.json`;

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function generations(folder: string, pattern: RegExp): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => (pattern.test(name) ? [Number(pattern.exec(name)![1])] : [])).sort((a, b) => a - b);
}

/** A snapshot is one line like a journal's: checksum, space, JSON. */
async function readSnapshot(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  const json = text.slice(9).trimEnd();
  if (crc32(json).toString(16).padStart(8, '0') !== text.slice(0, 8)) {
    throw new ConfigError(`${file} is damaged. Delete the folder to start afresh.`);
  }
  return JSON.parse(json);
}

export interface Recovered {
  /** The newest snapshot, or null on the first start. */
  snapshot: unknown;
  /** Journal entries after it, oldest first. */
  entries: unknown[];
}

/** Reads the journals from generation `base` on. Only the newest may end in an entry that a crash cut off. */
async function readJournals(folder: string, base: number) {
  const found = (await generations(folder, JOURNAL)).filter((generation) => generation >= base);
  const entries: unknown[] = [];
  let validBytes = 0;
  for (const generation of found) {
    const file = path.join(folder, journalName(generation));
    const text = await readFile(file, 'utf8');
    const read = decodeJournal(text, file);
    if (generation !== found.at(-1) && read.validBytes !== Buffer.byteLength(text)) {
      throw new ConfigError(`${file} is damaged. Delete the folder to start afresh.`);
    }
    for (const entry of read.entries) entries.push(entry);
    validBytes = read.validBytes;
  }
  return { entries, validBytes, newest: found.at(-1) ?? base };
}

/**
 * A folder with generations: `state-N.json` is the state when `journal-N.log` began. A new generation begins when the
 * journal has grown; older files go when its snapshot is on disk. After a crash in between, both journals are read.
 */
export class Store {
  readonly #folder: string;
  #journal: Journal;
  #generation: number;
  /** The former journal while it is being closed. */
  #closing: Promise<void> = Promise.resolve();
  #snapshotting: Promise<void> | null = null;

  private constructor(folder: string, journal: Journal, generation: number) {
    this.#folder = folder;
    this.#journal = journal;
    this.#generation = generation;
  }

  /** Opens or creates the folder and reads what is in it. Throws ConfigError when it is damaged. */
  static async open(folder: string): Promise<{ store: Store; recovered: Recovered }> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const base = (await generations(folder, SNAPSHOT)).at(-1) ?? 0;
    const snapshot = base === 0 ? null : await readSnapshot(path.join(folder, snapshotName(base)));
    const { entries, validBytes, newest } = await readJournals(folder, base);
    const journal = new Journal(path.join(folder, journalName(newest)), validBytes);
    await journal.opened();
    await syncFolder(folder);
    return { store: new Store(folder, journal, newest), recovered: { snapshot, entries } };
  }

  append(entry: unknown): void {
    this.#journal.append(entry);
  }

  /** Resolves when all that was appended is on disk. */
  async durable(): Promise<void> {
    await Promise.all([this.#closing, this.#journal.durable()]);
  }

  /** Size of the present journal in bytes. */
  get journalBytes(): number {
    return this.#journal.bytes;
  }

  /** Begins a new generation with `state`, which must hold all that was appended so far. One at a time. */
  snapshot(state: unknown): Promise<void> {
    this.#snapshotting ??= this.#snapshot(JSON.stringify(state)).finally(() => {
      this.#snapshotting = null;
    });
    return this.#snapshotting;
  }

  async #snapshot(json: string): Promise<void> {
    // Up to the first await nothing else can be appended, so the state and the end of the old journal are the same.
    this.#generation += 1;
    const generation = this.#generation;
    this.#closing = this.#journal.close();
    this.#journal = new Journal(path.join(this.#folder, journalName(generation)), 0, this.#closing);
    await this.#journal.opened();
    await syncFolder(this.#folder);
    const file = path.join(this.#folder, snapshotName(generation));
    const handle = await open(`${file}.tmp`, 'w', 0o600);
    try {
      await handle.writeFile(`${crc32(json).toString(16).padStart(8, '0')} ${json}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.tmp`, file);
    await syncFolder(this.#folder);
    await this.#removeBefore(generation);
  }

  async #removeBefore(generation: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const found = JOURNAL.exec(name) ?? SNAPSHOT.exec(name);
      if (found && Number(found[1]) < generation) await rm(path.join(this.#folder, name), { force: true });
    }
  }

  async close(): Promise<void> {
    await this.#snapshotting;
    await this.#journal.close();
  }
}
