import { deviceWorth } from './device-worth';
import { freeMilli, type NodeRoom } from './node-room';
import { cpuNeed, expectedStranded } from './stranded';
import type { TaskMix } from './task-mix';
import { UnusableTable } from './unusable-table';

/** Weight of each part beside the worth lost on shared devices, which counts in full. */
const WEIGHT = { stranded: 1 / 3, unusable: 1 / 20, unusableCpu: 1 / 300 } as const;

/** Of each thousandth that is free on a node before, among placements that waste alike. */
const FULLER_NODE = 1 / 1_600;

/**
 * Thousandths of devices that a node in a state is expected to waste in the end, when tasks of a mix go on coming:
 * - what is free on shared devices beyond its worth to the shares that come (see deviceWorth),
 * - devices stranded for want of vCPU (see expectedStranded),
 * - a little of what the next task cannot use, of devices and of vCPU (see UnusableTable), which decides near the end.
 */
export class WasteModel {
  readonly #need: ReturnType<typeof cpuNeed>;
  readonly #worth: Float64Array;
  readonly #unusable: UnusableTable;

  constructor(mix: TaskMix) {
    this.#need = cpuNeed(mix);
    this.#worth = deviceWorth(mix);
    this.#unusable = new UnusableTable(mix);
  }

  /**
   * How much the waste of a node grows by a placement that turns one state of it into another; among equals, the fuller
   * node grows less.
   */
  growth(before: NodeRoom, after: NodeRoom): number {
    return this.of(after) - this.of(before) + FULLER_NODE * freeMilli(before);
  }

  /** Expected waste of a node. The order of its devices does not matter. */
  of(node: NodeRoom): number {
    let beyondWorth = 0;
    for (const milli of node.deviceMilli) beyondWorth += milli - this.#worth[milli]!;
    return (
      beyondWorth +
      WEIGHT.stranded * expectedStranded(freeMilli(node), node.cpuMilli, this.#need) +
      WEIGHT.unusable * this.#unusable.devices(node) +
      WEIGHT.unusableCpu * this.#unusable.cpu(node)
    );
  }
}
