import { type AllocationSpec, DriverError } from '@suanxiang/hal/driver';
import { chooseProfile } from '../usage/profile';
import type { Command, Outcome } from './command';
import { finish, planBoot, type World } from './lifecycle';
import { probeReport } from './probe';
import { skipAhead } from './segments';
import { sentinelOf } from './sentinels';
import { scaledMs } from './settings';
import { type Allocation, currentOffset, isLive, type State } from './state';
import { answerOf, viewOf } from './view';

const invalid = (message: string) => new DriverError('invalid', message);
const conflict = (message: string) => new DriverError('conflict', message);

/** Refuses an epoch below the highest seen; raises the highest otherwise. True when it rose. */
function fence(allocation: Allocation, epoch: number): boolean {
  if (epoch < allocation.epoch) {
    throw new DriverError('fenced', `epoch ${epoch} is below ${allocation.epoch} for ${allocation.id}`);
  }
  const rose = epoch > allocation.epoch;
  allocation.epoch = epoch;
  return rose;
}

/** The allocation of an id. Throws `invalid` for an unknown one. */
export function known(state: State, id: string): Allocation {
  const allocation = state.allocations.get(id);
  if (!allocation) throw invalid(`allocation ${id} is not known`);
  return allocation;
}

function emptySpec(allocationId: string): AllocationSpec {
  return {
    allocationId,
    nodeId: '',
    deviceIds: [],
    name: '',
    image: '',
    sshPublicKeys: [],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
  };
}

function newAllocation(state: State, zone: string, spec: AllocationSpec, epoch: number): Allocation {
  return {
    id: spec.allocationId,
    zone,
    spec,
    profile: 'idle',
    state: 'prepared',
    epoch,
    preparedAtMs: state.nowMs,
    boot: null,
    startedAtMs: null,
    stopsAtMs: null,
    stoppedAtMs: null,
    terminatedAtMs: null,
    strike: null,
    fault: null,
    answers: {},
    offsets: [[0, spec.clockOffsetS]],
    measuredFromS: null,
    measuredToS: null,
    lastSeq: 0,
  };
}

function isSameSpec(a: AllocationSpec, b: AllocationSpec): boolean {
  return a.nodeId === b.nodeId && a.name === b.name && a.image === b.image && a.deviceIds.join() === b.deviceIds.join();
}

/** Checks that the devices exist on the node and can be had now. */
function checkDevices({ state, topology }: World, spec: AllocationSpec): void {
  const node = topology.nodes.get(spec.nodeId);
  if (!node) throw invalid(`node ${spec.nodeId} is not known`);
  if (new Set(spec.deviceIds).size !== spec.deviceIds.length) throw invalid('a device is named twice');
  for (const deviceId of spec.deviceIds) {
    if (topology.devices.get(deviceId)?.node !== node) throw invalid(`device ${deviceId} is not on ${spec.nodeId}`);
  }
  for (const deviceId of spec.deviceIds) {
    const holder = state.holders.get(deviceId);
    if (holder !== undefined) throw conflict(`device ${deviceId} is held by ${holder}`);
  }
  const condition = state.nodes.get(spec.nodeId);
  if (condition && condition.lostUntilMs !== null) throw new DriverError('capacity', `node ${spec.nodeId} is lost`);
  if (condition?.drained) throw new DriverError('capacity', `node ${spec.nodeId} is drained`);
  for (const deviceId of spec.deviceIds) {
    const vendorCode = state.devices.get(deviceId)?.vendorCode;
    if (vendorCode) throw new DriverError('capacity', `device ${deviceId} has failed`, vendorCode);
  }
}

/** Reserves devices and lays the workload out. */
export function prepare(world: World, { spec, key, epoch }: Command & { do: 'prepare' }): Outcome {
  const { state, topology } = world;
  const present = state.allocations.get(spec.allocationId);
  if (present) {
    const rose = fence(present, epoch);
    // A key that was answered is answered the same again, even when the allocation has ended since.
    const answered = `prepare|${key}` in present.answers;
    if (!answered && present.state === 'terminated') {
      throw conflict(`allocation ${spec.allocationId} is terminated for good`);
    }
    if (!isSameSpec(present.spec, spec)) throw conflict(`allocation ${spec.allocationId} exists with another layout`);
    return remember(state, present, `prepare|${key}`, rose);
  }
  checkDevices(world, spec);
  if (sentinelOf(spec) === 'sim-capacity') {
    throw new DriverError('capacity', `node ${spec.nodeId} has no capacity left (asked for by the name)`);
  }
  const zone = topology.nodes.get(spec.nodeId)!.zone;
  const allocation = newAllocation(state, zone, spec, epoch);
  allocation.profile = chooseProfile(topology.seed, spec);
  state.allocations.set(allocation.id, allocation);
  for (const deviceId of spec.deviceIds) state.holders.set(deviceId, allocation.id);
  return remember(state, allocation, `prepare|${key}`, true);
}

/** The answer given before for this key, or the present one, kept from now on. */
function remember(state: State, allocation: Allocation, key: string, changed: boolean): Outcome {
  const before = allocation.answers[key];
  if (before) return { answer: viewOf(state, allocation, before), changed };
  const answer = answerOf(state, allocation);
  allocation.answers[key] = answer;
  return { answer: viewOf(state, allocation, answer), changed: true };
}

function start(world: World, allocation: Allocation): void {
  const { state, due } = world;
  if (allocation.state === 'starting' || isLive(allocation)) return;
  if (allocation.state !== 'prepared') throw conflict(`allocation ${allocation.id} is ${allocation.state}`);
  allocation.boot = planBoot(state, allocation);
  allocation.state = 'starting';
  due.push({ atMs: allocation.boot.endsAtMs, kind: 'boot', id: allocation.id });
}

function stop(world: World, allocation: Allocation): void {
  const { state, due } = world;
  if (allocation.state === 'prepared' || allocation.state === 'starting') {
    finish(state, allocation, state.nowMs, 'stopped', null);
  } else if (allocation.state === 'running') {
    allocation.state = 'stopping';
    allocation.strike = null;
    allocation.stopsAtMs = state.nowMs + scaledMs(state.settings, state.settings.stopMs);
    due.push({ atMs: allocation.stopsAtMs, kind: 'stop', id: allocation.id });
  }
}

function terminate(state: State, allocation: Allocation): void {
  if (allocation.state === 'terminated') return;
  finish(state, allocation, state.nowMs, 'terminated', null);
  allocation.terminatedAtMs = state.nowMs;
  for (const deviceId of allocation.spec.deviceIds) state.holders.delete(deviceId);
  state.terminated.push(allocation);
}

/** Start, stop and terminate. */
export function moveOn(world: World, command: Command & { do: 'start' | 'stop' | 'terminate' }): Outcome {
  const { state } = world;
  if (command.do === 'terminate' && !state.allocations.has(command.id)) {
    // A tombstone: a prepare that was under way when its caller gave up must not come true afterwards.
    const tombstone = newAllocation(state, '', emptySpec(command.id), command.epoch);
    state.allocations.set(command.id, tombstone);
  }
  const allocation = known(state, command.id);
  const rose = fence(allocation, command.epoch);
  const key = `${command.do}|${command.key}`;
  if (!allocation.answers[key]) {
    if (command.do === 'start') start(world, allocation);
    if (command.do === 'stop') stop(world, allocation);
    if (command.do === 'terminate') terminate(state, allocation);
    world.settle();
  }
  return remember(state, allocation, key, rose);
}

/** Checks the node and devices of a prepared allocation. A deterministic look: nothing of it is kept but the epoch. */
export function probe({ state }: World, command: Command & { do: 'probe' }): Outcome {
  const allocation = known(state, command.id);
  const rose = fence(allocation, command.epoch);
  if (allocation.state !== 'prepared') throw conflict(`allocation ${command.id} is ${allocation.state}`);
  return { answer: probeReport(state, allocation), changed: rose };
}

/** Moves an allocation's billing time ahead. */
export function clock({ state }: World, command: Command & { do: 'clock' }): Outcome {
  const allocation = known(state, command.id);
  const rose = fence(allocation, command.epoch);
  const presentS = currentOffset(allocation);
  if (command.clockOffsetS < presentS) {
    throw invalid(`billing time of ${command.id} cannot go back from ${presentS} s to ${command.clockOffsetS} s`);
  }
  skipAhead(state, allocation, command.clockOffsetS);
  return { answer: null, changed: rose || currentOffset(allocation) > presentS };
}
