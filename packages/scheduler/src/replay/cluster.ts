import { afterTaking, type DeviceChoice, type NodeRoom, type TaskShape } from '../fragmentation/node-room';
import type { TraceNode } from './trace';

/**
 * Nodes of a replay and what is free on them. Nodes with equal free resources share a state, numbered once and for ever,
 * so that whatever is worked out for a state is worked out once for all nodes that are ever in it.
 */
export class ReplayCluster {
  /** State of each node, by position; nodes keep the order in which they were given. */
  readonly stateOf: Int32Array;
  readonly states: NodeRoom[] = [];
  readonly capacityMilli: number;
  readonly #numbers = new Map<string, number>();

  constructor(nodes: readonly TraceNode[]) {
    this.stateOf = Int32Array.from(nodes, (node) => this.#number(node.capacity));
    this.capacityMilli = nodes.reduce((sum, node) => sum + 1_000 * node.capacity.deviceMilli.length, 0);
  }

  /** Takes the chosen devices of a node, its vCPU and its memory. Throws when that is more than there is. */
  take(node: number, task: TaskShape, devices: DeviceChoice): void {
    const after = afterTaking(this.states[this.stateOf[node]!]!, task, devices);
    if (after.cpuMilli < 0 || after.memoryMib < 0 || after.deviceMilli.some((milli) => milli < 0)) {
      throw new RangeError(`node ${node} has less than the task takes`);
    }
    this.stateOf[node] = this.#number(after);
  }

  #number(state: NodeRoom): number {
    const key = `${state.model}/${state.cpuMilli}/${state.memoryMib}/${state.deviceMilli.join()}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.states.length;
      this.states.push(state);
      this.#numbers.set(key, number);
    }
    return number;
  }
}
