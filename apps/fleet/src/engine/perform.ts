import { DriverError, type ScrubEvidence } from '@suanxiang/hal/driver';
import { clock, known, moveOn, prepare, probe } from './allocation-commands';
import type { Command, Outcome } from './command';
import {
  deviceCondition,
  exitWorkload,
  failDevice,
  loseHost,
  nodeCondition,
  recoverDevice,
  recoverHost,
  type World,
  warnOfDevice,
} from './lifecycle';
import { acknowledge } from './segments';

const done = (answer: Outcome['answer'], changed: boolean): Outcome => ({ answer, changed });
const invalid = (message: string) => new DriverError('invalid', message);

function scrub({ state, topology }: World, { id, key }: Command & { do: 'scrub' }): Outcome {
  if (!topology.devices.has(id)) throw invalid(`device ${id} is not known`);
  const before = state.devices.get(id)?.scrubbed;
  const evidence = (atMs: number, verified: boolean): ScrubEvidence => ({
    deviceId: id,
    atMs,
    method: 'memory overwritten, processes ended, counters reset (simulated)',
    verified,
  });
  if (before?.key === key) return done(evidence(before.atMs, before.verified), false);
  const holder = state.holders.get(id);
  if (holder !== undefined) throw new DriverError('conflict', `device ${id} is held by ${holder}`);
  const condition = deviceCondition(state, id);
  condition.scrubbed = { key, atMs: state.nowMs, verified: condition.failedUntilMs === null };
  return done(evidence(state.nowMs, condition.scrubbed.verified), true);
}

function drain({ state, topology }: World, command: Command & { do: 'drain' | 'resume' }): Outcome {
  if (!topology.nodes.has(command.id)) throw invalid(`node ${command.id} is not known`);
  const drained = command.do === 'drain';
  // A refused or needless command must leave no trace: it is not in the journal.
  if ((state.nodes.get(command.id)?.drained ?? false) === drained) return done(null, false);
  nodeCondition(state, command.id).drained = drained;
  return done(null, true);
}

function damage(world: World, command: Command & { do: 'break' | 'repair' }): Outcome {
  const { state, topology } = world;
  const { target, id } = command;
  const things = { node: topology.nodes, device: topology.devices, allocation: state.allocations };
  if (!things[target].has(id)) throw invalid(`${target} ${id} is not known`);
  const breaks = command.do === 'break';
  if (target === 'node') (breaks ? loseHost : recoverHost)(world, id, state.nowMs);
  if (target === 'device') (breaks ? failDevice : recoverDevice)(world, id, state.nowMs);
  if (target === 'allocation') {
    if (!breaks) throw invalid('an allocation cannot be repaired');
    exitWorkload(world, known(state, id), state.nowMs);
  }
  return done(null, true);
}

/** Does a command at the engine's present time. Throws DriverError for a refusal. */
export function perform(world: World, command: Command): Outcome {
  const { state } = world;
  switch (command.do) {
    case 'prepare':
      return prepare(world, command);
    case 'start':
    case 'stop':
    case 'terminate':
      return moveOn(world, command);
    case 'clock':
      return clock(world, command);
    case 'scrub':
      return scrub(world, command);
    case 'probe':
      return probe(world, command);
    case 'warn':
      if (!world.topology.devices.has(command.id)) throw invalid(`device ${command.id} is not known`);
      warnOfDevice(world, command);
      return done(null, true);
    case 'drain':
    case 'resume':
      return drain(world, command);
    case 'break':
    case 'repair':
      return damage(world, command);
    case 'settings':
      state.settings = command.settings;
      return done(null, true);
    case 'acknowledge': {
      const zone = state.zones.get(command.zone);
      if (!zone) throw invalid(`zone ${command.zone} is not known`);
      return done(null, acknowledge(zone, command.uptoSeq));
    }
  }
}
