/** Events by time; those of one instant in the order in which they were added. */
export class EventHeap<E> {
  readonly #heap: { atS: number; order: number; event: E }[] = [];
  #added = 0;

  /** Time of the next event; Infinity when there is none. */
  get nextAtS(): number {
    return this.#heap[0]?.atS ?? Number.POSITIVE_INFINITY;
  }

  push(atS: number, event: E): void {
    const heap = this.#heap;
    const item = { atS, order: this.#added, event };
    this.#added += 1;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(item, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = item;
  }

  pop(): { atS: number; event: E } | null {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last) return null;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function before(a: { atS: number; order: number }, b: { atS: number; order: number }): boolean {
  return a.atS < b.atS || (a.atS === b.atS && a.order < b.order);
}
