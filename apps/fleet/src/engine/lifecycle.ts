import type { DriverFault, HealthEvent } from '@suanxiang/hal/driver';
import type { Topology } from '../topology/build';
import type { Due, DueQueue } from './due-queue';
import { deviceFaultOf } from './fault-codes';
import { beginUsage, endUsage } from './segments';
import { sentinelOf } from './sentinels';
import { BOOT_PHASES, type BootPhase, scaledMs, spedMs } from './settings';
import { type Allocation, type Boot, type DeviceCondition, isLive, type NodeCondition, type State } from './state';

/** Events kept for readers that come late. */
const KEEP_HEALTH = 10_000;

/** What lifecycle functions work on. */
export interface World {
  readonly state: State;
  readonly topology: Topology;
  readonly due: DueQueue;
  /** Lets everything happen that is due at the present time. */
  settle(): void;
}

/** Condition of a node, made when first needed. */
export function nodeCondition(state: State, nodeId: string): NodeCondition {
  let condition = state.nodes.get(nodeId);
  if (!condition) {
    condition = { drained: false, lostUntilMs: null };
    state.nodes.set(nodeId, condition);
  }
  return condition;
}

/** Condition of a device, made when first needed. */
export function deviceCondition(state: State, deviceId: string): DeviceCondition {
  let condition = state.devices.get(deviceId);
  if (!condition) {
    condition = { failedUntilMs: null, vendorCode: null, scrubbed: null };
    state.devices.set(deviceId, condition);
  }
  return condition;
}

function report(state: State, zoneId: string, event: Omit<HealthEvent, 'seq'>): void {
  const zone = state.zones.get(zoneId)!;
  zone.health.push({ seq: zone.nextHealthSeq, ...event });
  zone.nextHealthSeq += 1;
  if (zone.health.length > KEEP_HEALTH) zone.health.splice(0, zone.health.length - KEEP_HEALTH);
}

function reportExit(state: State, allocation: Allocation, atMs: number, message: string): void {
  report(state, allocation.zone, {
    atMs,
    kind: 'workload_exited',
    nodeId: allocation.spec.nodeId,
    deviceId: null,
    allocationId: allocation.id,
    vendorCode: null,
    message,
  });
}

const bootFault = (kind: string, message: string): DriverFault => ({ kind, message, vendorCode: null, deviceId: null });

/** Plans a boot from now on: when each phase ends and how it ends. */
export function planBoot(state: State, allocation: Allocation): Boot {
  const { settings, nowMs } = state;
  const sentinel = sentinelOf(allocation.spec);
  const phases: [BootPhase, number][] = [];
  let endsAtMs = nowMs;
  let fault: DriverFault | null = null;
  for (const phase of BOOT_PHASES) {
    endsAtMs += scaledMs(settings, settings.phasesMs[phase]);
    if (phase === 'pulling_image' && sentinel === 'sim-slow-boot') endsAtMs += spedMs(settings, settings.slowBootMs);
    phases.push([phase, endsAtMs]);
    if (phase === 'pulling_image' && sentinel === 'sim-image-fail') {
      fault = bootFault('image_pull_failed', `image ${allocation.spec.image} could not be pulled: manifest unknown`);
    }
    if (phase === 'booting' && sentinel === 'sim-boot-fail') {
      fault = bootFault('boot_failed', 'the workload did not come up: its init process ended with status 1');
    }
    if (fault) break;
  }
  return { startedAtMs: nowMs, phases, endsAtMs, fault };
}

/** Ends a workload for good, whatever it is doing. The fault is null when it ended as it should. */
export function finish(
  state: State,
  allocation: Allocation,
  atMs: number,
  next: 'stopped' | 'failed' | 'terminated',
  fault: DriverFault | null,
): void {
  if (isLive(allocation)) {
    endUsage(state, allocation, atMs);
    allocation.stoppedAtMs = atMs;
  }
  if (allocation.state === 'starting' && allocation.boot) {
    allocation.boot.phases = allocation.boot.phases.filter(([, endsAtMs]) => endsAtMs <= atMs);
  }
  allocation.state = next;
  allocation.stopsAtMs = null;
  allocation.strike = null;
  if (fault) allocation.fault = fault;
}

function endBoot(world: World, allocation: Allocation, atMs: number): void {
  const { state, due } = world;
  const fault = allocation.boot?.fault;
  if (fault) {
    finish(state, allocation, atMs, 'failed', fault);
    reportExit(state, allocation, atMs, fault.message);
    return;
  }
  allocation.state = 'running';
  allocation.startedAtMs = atMs;
  beginUsage(state, allocation, atMs);
  const strikes = { 'sim-host-loss': 'host_loss', 'sim-device-fault': 'device_fault', 'sim-exit': 'exit' } as const;
  const sentinel = sentinelOf(allocation.spec);
  if (sentinel === null || !(sentinel in strikes)) return;
  const strikeAtMs = atMs + spedMs(state.settings, state.settings.faultAfterMs);
  allocation.strike = { atMs: strikeAtMs, kind: strikes[sentinel as keyof typeof strikes] };
  due.push({ atMs: strikeAtMs, kind: 'strike', id: allocation.id });
}

/** Allocations that hold devices of a node, in order of the devices. */
function onNode({ state, topology }: World, nodeId: string): Allocation[] {
  const ids = topology.nodes.get(nodeId)!.devices.map(({ deviceId }) => state.holders.get(deviceId));
  return [...new Set(ids)].flatMap((id) => (id === undefined ? [] : [state.allocations.get(id)!]));
}

/** The host is gone with everything on it; it comes back by itself after the repair time. */
export function loseHost(world: World, nodeId: string, atMs: number): void {
  const { state, due } = world;
  const condition = nodeCondition(state, nodeId);
  if (condition.lostUntilMs !== null) return;
  condition.lostUntilMs = atMs + spedMs(state.settings, state.settings.repairMs);
  due.push({ atMs: condition.lostUntilMs, kind: 'host', id: nodeId });
  const message = `no heartbeat of ${nodeId}`;
  const { zone } = world.topology.nodes.get(nodeId)!;
  const fault = { kind: 'host_loss', message, vendorCode: null, deviceId: null };
  report(state, zone, {
    atMs,
    kind: 'host_lost',
    nodeId,
    deviceId: null,
    allocationId: null,
    vendorCode: null,
    message,
  });
  for (const allocation of onNode(world, nodeId)) {
    const { state: before } = allocation;
    if (before === 'stopped' || before === 'failed') continue;
    finish(state, allocation, atMs, 'failed', fault);
    if (before !== 'prepared') reportExit(state, allocation, atMs, message);
  }
}

/** A device fails with its vendor's own code, and the workload on it with it. */
export function failDevice(world: World, deviceId: string, atMs: number): void {
  const { state, topology, due } = world;
  const { device, node } = topology.devices.get(deviceId)!;
  const condition = deviceCondition(state, deviceId);
  if (condition.failedUntilMs !== null) return;
  const { vendorCode, message } = deviceFaultOf(device.modelId);
  condition.failedUntilMs = atMs + spedMs(state.settings, state.settings.repairMs);
  condition.vendorCode = vendorCode;
  due.push({ atMs: condition.failedUntilMs, kind: 'device', id: deviceId });
  const holder = state.allocations.get(state.holders.get(deviceId) ?? '');
  const allocationId = holder?.id ?? null;
  report(state, node.zone, {
    atMs,
    kind: 'device_fault',
    nodeId: node.nodeId,
    deviceId,
    allocationId,
    vendorCode,
    message,
  });
  if (holder && holder.state !== 'stopped' && holder.state !== 'failed') {
    finish(state, holder, atMs, 'failed', { kind: 'device_fault', message, vendorCode, deviceId });
  }
}

/** A device works on and tells of something with a vendor's code. */
export function warnOfDevice(
  { state, topology }: World,
  { id, vendorCode, message }: { id: string; vendorCode: string; message: string },
): void {
  const { node } = topology.devices.get(id)!;
  const of = { nodeId: node.nodeId, deviceId: id, allocationId: null };
  report(state, node.zone, { atMs: state.nowMs, kind: 'device_warning', ...of, vendorCode, message });
}

/** The workload ends by itself, as after a shutdown from inside. */
export function exitWorkload({ state }: World, allocation: Allocation, atMs: number): void {
  if (!isLive(allocation)) return;
  finish(state, allocation, atMs, 'stopped', null);
  reportExit(state, allocation, atMs, 'the workload ended by itself with status 0');
}

export function recoverHost({ state, topology }: World, nodeId: string, atMs: number): void {
  const condition = state.nodes.get(nodeId);
  if (!condition || condition.lostUntilMs === null) return;
  condition.lostUntilMs = null;
  const { zone } = topology.nodes.get(nodeId)!;
  const message = `${nodeId} is back`;
  report(state, zone, {
    atMs,
    kind: 'host_recovered',
    nodeId,
    deviceId: null,
    allocationId: null,
    vendorCode: null,
    message,
  });
}

export function recoverDevice({ state, topology }: World, deviceId: string, atMs: number): void {
  const condition = state.devices.get(deviceId);
  if (!condition || condition.failedUntilMs === null) return;
  const { vendorCode } = condition;
  condition.failedUntilMs = null;
  condition.vendorCode = null;
  const { node } = topology.devices.get(deviceId)!;
  const event = { atMs, nodeId: node.nodeId, deviceId, allocationId: null, vendorCode };
  report(state, node.zone, { ...event, kind: 'device_recovered', message: `${deviceId} passed its checks again` });
}

function strikeNow(world: World, allocation: Allocation, atMs: number): void {
  const kind = allocation.strike?.kind;
  allocation.strike = null;
  if (kind === 'host_loss') loseHost(world, allocation.spec.nodeId, atMs);
  if (kind === 'device_fault') failDevice(world, allocation.spec.deviceIds[0]!, atMs);
  if (kind === 'exit') exitWorkload(world, allocation, atMs);
}

/** Lets happen what is due, unless the plan behind it was dropped meanwhile. */
export function happen(world: World, { kind, id, atMs }: Due): void {
  const { state } = world;
  if (kind === 'host') {
    if (state.nodes.get(id)?.lostUntilMs === atMs) recoverHost(world, id, atMs);
    return;
  }
  if (kind === 'device') {
    if (state.devices.get(id)?.failedUntilMs === atMs) recoverDevice(world, id, atMs);
    return;
  }
  const allocation = state.allocations.get(id);
  if (!allocation) return;
  if (kind === 'boot' && allocation.state === 'starting' && allocation.boot?.endsAtMs === atMs) {
    endBoot(world, allocation, atMs);
  } else if (kind === 'stop' && allocation.stopsAtMs === atMs) {
    finish(state, allocation, atMs, 'stopped', null);
  } else if (kind === 'strike' && allocation.strike?.atMs === atMs) {
    strikeNow(world, allocation, atMs);
  }
}
