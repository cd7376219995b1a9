import { isDeepStrictEqual } from 'node:util';
import { type AllocationSpec, type AllocationView, DriverError, type ScrubEvidence } from '@suanxiang/hal/driver';
import type { Allocation } from '../state/model';
import { holderOf, type NodeContext } from './node';
import { answerOf, viewOf } from './view';

export interface Caller {
  operationKey: string;
  epoch: number;
}

const invalid = (message: string) => new DriverError('invalid', message);
const conflict = (message: string) => new DriverError('conflict', message);

/** The allocation of an id. Throws `invalid` for an unknown one. */
export function known(ctx: NodeContext, id: string): Allocation {
  const allocation = ctx.book.state.allocations.get(id);
  if (!allocation) throw invalid(`allocation ${id} is not known`);
  return allocation;
}

/** Refuses an epoch below the highest seen; raises the highest otherwise. */
export function fence(ctx: NodeContext, { id, epoch: highest }: Allocation, epoch: number): void {
  if (epoch < highest) throw new DriverError('fenced', `epoch ${epoch} is below ${highest} for ${id}`);
  if (epoch > highest) {
    ctx.book.change(id, (allocation) => {
      allocation.epoch = epoch;
    });
  }
}

/** The answer given before for this key, or null. */
export function answered(ctx: NodeContext, id: string, key: string): AllocationView | null {
  const allocation = ctx.book.state.allocations.get(id);
  const before = allocation?.answers[key];
  return allocation && before ? viewOf(ctx, allocation, before) : null;
}

/** Keeps the present answer for a key and gives it. */
export function remember(ctx: NodeContext, id: string, key: string): AllocationView {
  const allocation = ctx.book.change(id, (one) => {
    one.answers[key] = answerOf(one);
  });
  return viewOf(ctx, allocation, allocation.answers[key]);
}

function newAllocation(spec: AllocationSpec, epoch: number, port: number): Allocation {
  return {
    id: spec.allocationId,
    spec,
    epoch,
    port,
    pid: null,
    state: 'prepared',
    phase: null,
    startedAtMs: null,
    stoppedAtMs: null,
    terminatedAtMs: null,
    fault: null,
    answers: {},
    notes: [],
  };
}

function checkPlace(ctx: NodeContext, spec: AllocationSpec): void {
  const { host, book } = ctx;
  if (spec.nodeId !== host.nodeId) throw invalid(`node ${spec.nodeId} is not this one`);
  if (new Set(spec.deviceIds).size !== spec.deviceIds.length) throw invalid('a device is named twice');
  const devices = spec.deviceIds.map((id) => {
    const device = host.devices.find(({ deviceId }) => deviceId === id);
    if (!device) throw invalid(`device ${id} is not on ${host.nodeId}`);
    return device;
  });
  if (spec.clockOffsetS !== 0) throw new DriverError('unsupported', 'a real machine has no test clock');
  for (const { deviceId } of devices) {
    const holder = holderOf(ctx, deviceId);
    if (holder) throw conflict(`device ${deviceId} is held by ${holder.id}`);
  }
  if (book.state.drained) throw new DriverError('capacity', `node ${host.nodeId} is drained`);
  const broken = devices.find(({ health }) => health === 'failed');
  if (broken) throw new DriverError('capacity', `device ${broken.deviceId} has failed`);
}

function freePort(ctx: NodeContext): number {
  const { first, last } = ctx.ports;
  const used = new Set<number>();
  for (const { state, port } of ctx.book.state.allocations.values()) if (state !== 'terminated') used.add(port);
  for (let port = first; port <= last; port += 1) if (!used.has(port)) return port;
  throw new DriverError('capacity', `no SSH port is free from ${first} to ${last}`);
}

/** Reserves devices and a port. Nothing of Podman's yet: what is prepared costs nothing to drop. */
export function prepare(ctx: NodeContext, spec: AllocationSpec, { operationKey, epoch }: Caller): AllocationView {
  const key = `prepare|${operationKey}`;
  const present = ctx.book.state.allocations.get(spec.allocationId);
  if (present) {
    fence(ctx, present, epoch);
    const before = answered(ctx, present.id, key);
    if (!before && present.state === 'terminated') throw conflict(`allocation ${present.id} is terminated for good`);
    // A terminated one has forgotten its scripts and variables; its key was answered before all the same.
    if (present.state !== 'terminated' && !isDeepStrictEqual(present.spec, spec)) {
      throw conflict(`allocation ${present.id} exists with another layout`);
    }
    return before ?? remember(ctx, present.id, key);
  }
  checkPlace(ctx, spec);
  ctx.book.note({ t: 'put', a: newAllocation(spec, epoch, freePort(ctx)) });
  return remember(ctx, spec.allocationId, key);
}

/** A tombstone: a prepare that was under way when its caller gave up must not come true afterwards. */
export function bury(ctx: NodeContext, id: string, epoch: number): void {
  const spec: AllocationSpec = {
    allocationId: id,
    nodeId: '',
    deviceIds: [],
    name: '',
    image: '',
    sshPublicKeys: [],
    startupScript: null,
    environment: {},
    clockOffsetS: 0,
  };
  const tombstone = newAllocation(spec, epoch, 0);
  ctx.book.note({ t: 'put', a: { ...tombstone, state: 'terminated', terminatedAtMs: ctx.clock.nowMs() } });
}

/** Asks for the workload to run. */
export function start(ctx: NodeContext, id: string, { operationKey, epoch }: Caller): AllocationView {
  fence(ctx, known(ctx, id), epoch);
  const key = `start|${operationKey}`;
  const before = answered(ctx, id, key);
  if (before) return before;
  const { state } = known(ctx, id);
  if (state === 'prepared') {
    ctx.book.change(id, (one) => {
      one.state = 'starting';
      one.phase = 'pulling_image';
    });
  } else if (!['starting', 'running', 'stopping'].includes(state)) {
    throw conflict(`allocation ${id} is ${state}`);
  }
  return remember(ctx, id, key);
}

/** Asks for the workload to end; what never ran is stopped at once. */
export function stop(ctx: NodeContext, id: string, { operationKey, epoch }: Caller): AllocationView {
  fence(ctx, known(ctx, id), epoch);
  const key = `stop|${operationKey}`;
  const before = answered(ctx, id, key);
  if (before) return before;
  const { state } = known(ctx, id);
  if (state === 'prepared' || state === 'starting' || state === 'running') {
    ctx.book.change(id, (one) => {
      one.state = state === 'running' ? 'stopping' : 'stopped';
      one.phase = null;
    });
  }
  return remember(ctx, id, key);
}

/** Evidence that nothing of the former tenant is left; null for a key that is new. */
export function scrubbedBefore(ctx: NodeContext, deviceId: string, key: string): ScrubEvidence | null {
  if (!ctx.host.devices.some((device) => device.deviceId === deviceId)) {
    throw invalid(`device ${deviceId} is not known`);
  }
  const evidence = ctx.book.state.scrubs.get(`${deviceId}|${key}`);
  if (evidence) return evidence;
  const holder = holderOf(ctx, deviceId);
  if (holder) throw conflict(`device ${deviceId} is held by ${holder.id}`);
  return null;
}
