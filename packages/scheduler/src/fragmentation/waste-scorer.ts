import { afterTaking, deviceChoices, type NodeRoom, type TaskShape } from './node-room';
import type { Rating } from './scorer';
import type { WasteModel } from './waste';

/** A rating with what it leaves of the node. */
interface WasteRating extends Rating {
  after: NodeRoom;
}

/** The best way to place a task on a node on which it fits: the one by which the node's expected waste grows least. */
export function leastWaste(waste: WasteModel, node: NodeRoom, task: TaskShape): WasteRating {
  let best: WasteRating | null = null;
  for (const devices of deviceChoices(node, task)) {
    const after = afterTaking(node, task, devices);
    const score = -waste.growth(node, after);
    if (best === null || score > best.score) best = { score, devices, after };
  }
  return best!;
}
