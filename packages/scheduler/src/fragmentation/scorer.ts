import type { DeviceChoice, NodeRoom, TaskShape } from './node-room';

/** How good it is to give a task these devices of a node. */
export interface Rating {
  /** The highest wins; the first node among equals. */
  score: number;
  devices: DeviceChoice;
}

/** Rates nodes by their free resources alone. */
export interface NodeScorer {
  name: string;
  /** The best way to place the task on a node on which it fits. */
  rate(node: NodeRoom, task: TaskShape): Rating;
  /**
   * Told of each task before it is placed. Returns true when ratings given before are no longer good; absent when they are
   * good for ever.
   */
  observe?(task: TaskShape): boolean;
}
