import { afterTaking, deviceChoices, freeMilli, type NodeRoom, type TaskShape } from './node-room';
import type { Rating } from './scorer';
import type { WasteModel } from './waste';

/** Among placements that waste alike, the fuller node: a part of each thousandth that is free on it before. */
const FULLER_NODE = 1 / 1_600;

/** The best way to place a task on a node on which it fits: the one that adds least to the node's expected waste. */
export function leastWaste(waste: WasteModel, node: NodeRoom, task: TaskShape): Rating & { after: NodeRoom } {
  const before = waste.of(node) - FULLER_NODE * freeMilli(node);
  let best: (Rating & { after: NodeRoom }) | null = null;
  for (const devices of deviceChoices(node, task)) {
    const after = afterTaking(node, task, devices);
    const score = before - waste.of(after);
    if (best === null || score > best.score) best = { score, devices, after };
  }
  return best!;
}
