import type { QueuedRequest } from '../queue/types';
import type { ShareTree, TreeNode } from './tree';

interface Branch {
  node: TreeNode | null;
  children: Branch[];
  /** Own requests, next first. */
  queue: QueuedRequest[];
  next: number;
  left: number;
  order: number;
  /** When the oldest of what is left below was submitted; breaks ties between siblings, so that nobody is always the last of equals. */
  oldestS: number;
  /** Breaks the ties that are left. */
  lot: number;
  parent: Branch | null;
}

/**
 * The requests of one pool and one priority band in fair order: from the top of the tree down, always the sibling with the
 * lowest share; within the last node, oldest first. Shares change while requests are served, and with them the order.
 */
export class FairQueue {
  readonly #root: Branch;
  readonly #branches = new Map<TreeNode, Branch>();

  constructor(
    readonly tree: ShareTree,
    readonly pool: number,
    requests: readonly QueuedRequest[],
    readonly seed: number,
  ) {
    this.#root = this.#branch(null, null);
    for (const request of requests) this.#branchOf(tree.at(request.path)).queue.push(request);
    for (const leaf of [...this.#branches.values()]) {
      leaf.queue.sort((a, b) => a.submittedAtS - b.submittedAtS || (a.requestId < b.requestId ? -1 : 1));
      const oldestS = leaf.queue[0]?.submittedAtS ?? Number.POSITIVE_INFINITY;
      for (let at: Branch | null = leaf; at; at = at.parent) {
        at.left += leaf.queue.length;
        at.oldestS = Math.min(at.oldestS, oldestS);
      }
    }
  }

  #branch(node: TreeNode | null, parent: Branch | null): Branch {
    const made: Branch = {
      node,
      children: [],
      queue: [],
      next: 0,
      left: 0,
      order: node ? this.tree.order(node, this.pool) : 0,
      oldestS: Number.POSITIVE_INFINITY,
      lot: node ? lotOf(node.id, this.seed) : 0,
      parent,
    };
    parent?.children.push(made);
    return made;
  }

  #branchOf(node: TreeNode): Branch {
    const known = this.#branches.get(node);
    if (known) return known;
    const made = this.#branch(node, node.parent ? this.#branchOf(node.parent) : this.#root);
    this.#branches.set(node, made);
    return made;
  }

  /** The next request, which is taken out; null when none is left. */
  next(): QueuedRequest | null {
    if (this.#root.left === 0) return null;
    let branch = this.#root;
    while (branch.next >= branch.queue.length) branch = lowest(branch.children);
    const request = branch.queue[branch.next]!;
    branch.next += 1;
    for (let at: Branch | null = branch; at; at = at.parent) {
      at.left -= 1;
      at.oldestS = at.children.reduce(
        (oldestS, child) => Math.min(oldestS, child.oldestS),
        at.queue[at.next]?.submittedAtS ?? Number.POSITIVE_INFINITY,
      );
    }
    return request;
  }

  /** Reads the shares along a path again, after something was charged to it. */
  refresh(path: readonly string[]): void {
    for (let at = this.#branches.get(this.tree.at(path)) ?? null; at?.node; at = at.parent) {
      at.order = this.tree.order(at.node, this.pool);
    }
  }
}

function lowest(children: readonly Branch[]): Branch {
  let best: Branch | null = null;
  for (const child of children) {
    if (child.left === 0) continue;
    if (best === null || comesBefore(child, best)) best = child;
  }
  return best!;
}

function comesBefore(a: Branch, b: Branch): boolean {
  if (a.order !== b.order) return a.order < b.order;
  return a.oldestS < b.oldestS || (a.oldestS === b.oldestS && a.lot < b.lot);
}

/** A number that looks random, the same on every machine. */
function lotOf(text: string, seed: number): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
