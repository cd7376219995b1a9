import type { Clock } from '@suanxiang/platform/clock';
import { Store } from '@suanxiang/platform/durable/store';
import type { Answer, Command } from './engine/command';
import { Engine, newState } from './engine/engine';
import type { Settings } from './engine/settings';
import { fromPlain, type PlainState, toPlain } from './engine/snapshot';
import type { Topology } from './topology/build';

/** A new snapshot is written when the journal has grown by this much. */
const SNAPSHOT_AFTER_BYTES = 16e6;

interface Entry {
  /** Engine time of the command, Unix milliseconds. */
  t: number;
  c: Command;
}

export interface FleetOptions {
  /** Holds the journal and snapshots; private to one process. */
  folder: string;
  topology: Topology;
  /** Replace the settings of the last run. */
  settings: Settings;
  clock: Clock;
  /** Told when state can no longer be kept; the process must end, its next start continues from what is on disk. */
  onFatal: (error: Error) => void;
  snapshotAfterBytes?: number;
}

/**
 * The running fleet: an engine, a clock and a folder. Nothing is answered that is not on disk, so a killed process
 * continues exactly where its callers saw it, including what fell due while it was away.
 */
export class Fleet {
  readonly #engine: Engine;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFatal: (error: Error) => void;
  readonly #snapshotAfterBytes: number;

  private constructor(engine: Engine, store: Store, options: FleetOptions) {
    this.#engine = engine;
    this.#store = store;
    this.#clock = options.clock;
    this.#onFatal = options.onFatal;
    this.#snapshotAfterBytes = options.snapshotAfterBytes ?? SNAPSHOT_AFTER_BYTES;
  }

  /** Opens the folder, replays what happened since its snapshot, and catches up with the clock. */
  static async open(options: FleetOptions): Promise<Fleet> {
    const { store, recovered } = await Store.open(options.folder);
    const entries = recovered.entries as Entry[];
    const bornMs = entries[0]?.t ?? options.clock.nowMs();
    const state = recovered.snapshot
      ? fromPlain(recovered.snapshot as PlainState, options.topology)
      : newState(options.topology, bornMs);
    const engine = new Engine(options.topology, state);
    for (const { t, c } of entries) engine.execute(c, t);
    const fleet = new Fleet(engine, store, options);
    await fleet.change({ do: 'settings', settings: options.settings });
    return fleet;
  }

  /** Looks at what is known without waiting for the disk: for decisions about a call, never for answers. */
  peek<T>(look: (engine: Engine) => T): T {
    return look(this.#engine);
  }

  /** Looks at the fleet as it is now. */
  async read<T>(look: (engine: Engine) => T): Promise<T> {
    this.#engine.advanceTo(this.#clock.nowMs());
    const value = look(this.#engine);
    await this.#kept();
    return value;
  }

  /** Does a command. Rejects with DriverError for a refusal. */
  async change(command: Command): Promise<Answer> {
    const result = this.#execute(command);
    if (result.changed) {
      this.#store.append({ t: this.#engine.state.nowMs, c: command } satisfies Entry);
      if (this.#store.journalBytes > this.#snapshotAfterBytes) this.#snapshot();
    }
    await this.#kept();
    if (result.error) throw result.error;
    return result.answer;
  }

  #execute(command: Command) {
    try {
      return this.#engine.execute(command, this.#clock.nowMs());
    } catch (error) {
      // The command may be half done and is not in the journal: only a restart is safe.
      const fatal = error instanceof Error ? error : new Error(String(error));
      this.#onFatal(fatal);
      throw fatal;
    }
  }

  async #kept(): Promise<void> {
    try {
      await this.#store.durable();
    } catch (error) {
      this.#onFatal(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  #snapshot(): void {
    this.#store.snapshot(toPlain(this.#engine.state)).catch(this.#onFatal);
  }

  /** Writes a snapshot, so that the next start is quick, and closes the folder. */
  async close(): Promise<void> {
    await this.#store.snapshot(toPlain(this.#engine.state));
    await this.#store.close();
  }
}
