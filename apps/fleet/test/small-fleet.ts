import type { AllocationSpec } from '@suanxiang/hal/driver';
import type { Command } from '../src/engine/command';
import { Engine, newState, type Result } from '../src/engine/engine';
import { DEFAULT_SETTINGS, type Settings } from '../src/engine/settings';
import { buildTopology, type Topology } from '../src/topology/build';
import { parseFleetSpec } from '../src/topology/spec';
import { readBlocks } from '../src/usage/blocks';

/** Two zones of two nodes with four accelerators each. */
export const smallTopology: Topology = buildTopology(
  parseFleetSpec(
    {
      seed: 7,
      acceleratorsPerNode: 4,
      regions: [
        {
          id: 'r',
          name: { en: 'R', zh: '区' },
          zones: [
            { id: 'r-a', pools: [{ model: 'nvidia-h100-80g', nodes: 2 }] },
            { id: 'r-b', pools: [{ model: 'ascend-910b3-64g', nodes: 2 }] },
          ],
        },
      ],
    },
    'test',
  ),
);

/** A moment inside a minute: 2026-11-24T00:00:12.345Z. */
export const T0 = 1_795_478_412_345;

export const instant: Settings = { ...DEFAULT_SETTINGS, bootScale: 0 };

export function newEngine(settings: Settings = instant, topology: Topology = smallTopology): Engine {
  const engine = new Engine(topology, newState(topology, T0));
  engine.execute({ do: 'settings', settings }, T0);
  return engine;
}

export function spec(allocationId: string, more: Partial<AllocationSpec> = {}): AllocationSpec {
  return {
    allocationId,
    nodeId: 'r-a-n0001',
    deviceIds: ['r-a-n0001-d0'],
    name: 'job',
    image: 'pytorch:2.9',
    sshPublicKeys: [],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
    ...more,
  };
}

let calls = 0;
/** A key that no other call has. */
export function freshKey(): string {
  calls += 1;
  return `key-${calls}`;
}

export function prepare(allocation: AllocationSpec, epoch = 1, key = freshKey()): Command {
  return { do: 'prepare', spec: allocation, epoch, key };
}

export function move(verb: 'start' | 'stop' | 'terminate', id: string, epoch = 1, key = freshKey()): Command {
  return { do: verb, id, epoch, key };
}

/** Does a command and expects an answer. */
export function must(engine: Engine, command: Command, nowMs: number): Result['answer'] {
  const { answer, error } = engine.execute(command, nowMs);
  if (error) throw error;
  return answer;
}

/** Does a command and expects a refusal; its code. */
export function refused(engine: Engine, command: Command, nowMs: number): string {
  return engine.execute(command, nowMs).error?.code ?? 'accepted';
}

/** All blocks of a zone. */
export function blocksOf(engine: Engine, zone = 'r-a', after = 0, limit = 1_000_000) {
  return readBlocks(engine.topology.seed, engine.state.zones.get(zone)!, after, limit);
}
