import { Store } from '@suanxiang/platform/durable/store';
import { apply, fromPlain, newState, toPlain } from './apply';
import type { Allocation, Entry, State } from './model';

/** A new snapshot is written when the journal has grown by this much. */
const SNAPSHOT_AFTER_BYTES = 16e6;

/** The agent's state and its journal: nothing is answered that is not on disk. */
export class Book {
  readonly state: State;
  readonly #store: Store;
  readonly #onFatal: (error: Error) => void;

  private constructor(state: State, store: Store, onFatal: (error: Error) => void) {
    this.state = state;
    this.#store = store;
    this.#onFatal = onFatal;
  }

  /** Opens or creates the folder. `onFatal` is told when state can no longer be kept. */
  static async open(folder: string, onFatal: (error: Error) => void): Promise<Book> {
    const { store, recovered } = await Store.open(folder);
    const state = recovered.snapshot ? fromPlain(recovered.snapshot) : newState();
    for (const entry of recovered.entries as Entry[]) apply(state, entry);
    return new Book(state, store, onFatal);
  }

  /** Notes a change; `kept` tells when it is on disk. */
  note(entry: Entry): void {
    apply(this.state, entry);
    this.#store.append(entry);
    if (this.#store.journalBytes > SNAPSHOT_AFTER_BYTES) this.#store.snapshot(toPlain(this.state)).catch(this.#onFatal);
  }

  /** Changes an allocation. Returns it as it is now. */
  change(id: string, change: (allocation: Allocation) => void): Allocation {
    const next = structuredClone(this.state.allocations.get(id)!);
    change(next);
    this.note({ t: 'put', a: next });
    return this.state.allocations.get(id)!;
  }

  /** Resolves when everything noted so far is on disk. */
  async kept(): Promise<void> {
    try {
      await this.#store.durable();
    } catch (error) {
      this.#onFatal(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#store.snapshot(toPlain(this.state));
    await this.#store.close();
  }
}
