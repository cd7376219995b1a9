/** What placement scores look at: the free resources of one node and the shape of one task. No names, no topology. */

/** Shares of an untouched device, in thousandths. */
export const WHOLE_DEVICE_MILLI = 1_000;

/** Free resources of one node. Two nodes with equal resources are alike for every score. */
export interface NodeRoom {
  model: string;
  cpuMilli: number;
  memoryMib: number;
  /** Free thousandths of each device, by its position on the node. */
  deviceMilli: readonly number[];
}

/** What one task takes from one node. */
export interface TaskShape {
  cpuMilli: number;
  memoryMib: number;
  /** 0 for a task without accelerators. */
  deviceCount: number;
  /** Thousandths of each device: below 1,000 only for one device, 1,000 for whole devices, 0 for none. */
  deviceMilli: number;
  /** Models the task accepts; null for any. */
  models: readonly string[] | null;
}

/** Devices of one node that a task is given, by position. */
export type DeviceChoice = readonly number[];

/** Thousandths of a device that a task takes altogether. */
export function taskMilli(task: TaskShape): number {
  return task.deviceCount * task.deviceMilli;
}

/** Free thousandths of all devices of a node. */
export function freeMilli(node: NodeRoom): number {
  let sum = 0;
  for (const milli of node.deviceMilli) sum += milli;
  return sum;
}

/** The task asks for a part of one device. */
export function isShare(task: TaskShape): boolean {
  return task.deviceCount === 1 && task.deviceMilli < WHOLE_DEVICE_MILLI;
}

/** The node has a model the task accepts. */
export function acceptsModel(task: TaskShape, model: string): boolean {
  return task.models === null || task.models.includes(model);
}

/** The task can run on the node now. */
export function fits(node: NodeRoom, task: TaskShape): boolean {
  if (node.cpuMilli < task.cpuMilli || node.memoryMib < task.memoryMib) return false;
  if (task.deviceCount === 0) return true;
  if (!acceptsModel(task, node.model)) return false;
  let missing = task.deviceCount;
  for (const milli of node.deviceMilli) {
    if (milli >= task.deviceMilli) missing -= 1;
    if (missing === 0) return true;
  }
  return false;
}

/**
 * The different ways to give a fitting task its devices: for a share, one device of each distinct free amount that is
 * large enough (the first such position); otherwise the lowest untouched devices.
 */
export function deviceChoices(node: NodeRoom, task: TaskShape): DeviceChoice[] {
  if (!isShare(task)) return [lowestUntouched(node, task.deviceCount)];
  const seen = new Set<number>();
  const choices: DeviceChoice[] = [];
  node.deviceMilli.forEach((milli, position) => {
    if (milli < task.deviceMilli || seen.has(milli)) return;
    seen.add(milli);
    choices.push([position]);
  });
  return choices;
}

function lowestUntouched(node: NodeRoom, count: number): DeviceChoice {
  const positions: number[] = [];
  for (let at = 0; at < node.deviceMilli.length && positions.length < count; at += 1) {
    if (node.deviceMilli[at] === WHOLE_DEVICE_MILLI) positions.push(at);
  }
  return positions;
}

/** The device with the least room that holds the task's share, or the lowest untouched devices. */
export function tightestDevices(node: NodeRoom, task: TaskShape): DeviceChoice {
  if (!isShare(task)) return lowestUntouched(node, task.deviceCount);
  let best = -1;
  node.deviceMilli.forEach((milli, position) => {
    if (milli >= task.deviceMilli && (best < 0 || milli < node.deviceMilli[best]!)) best = position;
  });
  return [best];
}

/** What is left of a node when a task has been given the chosen devices. */
export function afterTaking(node: NodeRoom, task: TaskShape, choice: DeviceChoice): NodeRoom {
  const deviceMilli = [...node.deviceMilli];
  for (const position of choice) deviceMilli[position]! -= task.deviceMilli;
  return {
    model: node.model,
    cpuMilli: node.cpuMilli - task.cpuMilli,
    memoryMib: node.memoryMib - task.memoryMib,
    deviceMilli,
  };
}
