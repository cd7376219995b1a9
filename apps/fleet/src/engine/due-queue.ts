/** What happens by itself at a time. Ticks come before everything else of the same millisecond. */
export type DueKind = 'tick' | 'boot' | 'stop' | 'strike' | 'host' | 'device';

export interface Due {
  atMs: number;
  kind: DueKind;
  /** Allocation, node or device; empty for ticks. */
  id: string;
}

const RANK: Record<DueKind, number> = { tick: 0, boot: 1, stop: 2, strike: 3, host: 4, device: 5 };

function isBefore(a: Due, b: Due): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.kind !== b.kind) return RANK[a.kind] < RANK[b.kind];
  return a.id < b.id;
}

/** Binary heap by time; equal times have one order, so that a replay gives the same history. */
export class DueQueue {
  readonly #heap: Due[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(due: Due): void {
    const heap = this.#heap;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
  }

  /** Takes the earliest item that is due at `nowMs`, or undefined. */
  take(nowMs: number): Due | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (!first || first.atMs > nowMs) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(due: Due): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, due)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = due;
  }
}
