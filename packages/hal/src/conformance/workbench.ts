import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AllocationSpec,
  type AllocationState,
  type AllocationView,
  type CallContext,
  DriverError,
  type DriverErrorCode,
  type FleetDriver,
  type NodeInventory,
  type UsageBlockRecord,
} from '../driver';

/** A driver to check, and what its engine needs to be checked. */
export interface ConformanceSubject {
  driver: FleetDriver;
  /** A zone with at least one schedulable node that has two free devices. Other zones are left alone. */
  zone: string;
  /** An image that starts there. */
  image: string;
  /** Longest time a boot and a shutdown may take. */
  bootLimitMs: number;
  stopLimitMs: number;
  /** The wall clock of whoever checks, Unix milliseconds. */
  nowMs: () => number;
}

const POLL_MS = 50;

/** What the checks are written with. Every allocation it makes is terminated by `tidy`. */
export class Workbench {
  readonly subject: ConformanceSubject;
  readonly driver: FleetDriver;
  readonly #made = new Set<string>();
  #epoch = 1;

  constructor(subject: ConformanceSubject) {
    this.subject = subject;
    this.driver = subject.driver;
  }

  /** A context with a key of its own. */
  context(epoch = this.#epoch, operationKey = `conformance:${randomUUID()}`): CallContext {
    return { operationKey, epoch };
  }

  async nodes(): Promise<NodeInventory[]> {
    return collect(this.driver.discover(this.subject.zone));
  }

  /** Healthy devices of one schedulable node that nobody holds. */
  async freeDevices(count: number): Promise<{ nodeId: string; deviceIds: string[] }> {
    const held = new Set((await collect(this.driver.observed(this.subject.zone))).flatMap((view) => view.deviceIds));
    for (const node of await this.nodes()) {
      if (!node.schedulable) continue;
      const free = node.devices.filter(({ deviceId, health }) => health === 'ok' && !held.has(deviceId));
      if (free.length >= count) {
        return { nodeId: node.nodeId, deviceIds: free.slice(0, count).map(({ deviceId }) => deviceId) };
      }
    }
    throw new Error(`no node of ${this.subject.zone} has ${count} free devices`);
  }

  /** A specification for free devices under a new id. */
  async spec(more: Partial<AllocationSpec> = {}, devices = 1): Promise<AllocationSpec> {
    const place = more.nodeId && more.deviceIds ? {} : await this.freeDevices(devices);
    const allocationId = `alloc_${randomUUID().replaceAll('-', '')}`;
    this.#made.add(allocationId);
    return {
      allocationId,
      nodeId: '',
      deviceIds: [],
      name: 'conformance',
      image: this.subject.image,
      sshPublicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIConformanceConformanceConformanceConf conformance'],
      startupScript: null,
      environment: {},
      clockOffsetS: 0,
      ...place,
      ...more,
    };
  }

  async prepared(more: Partial<AllocationSpec> = {}, devices = 1): Promise<AllocationSpec> {
    const spec = await this.spec(more, devices);
    await this.driver.prepare(this.context(), spec);
    return spec;
  }

  async running(more: Partial<AllocationSpec> = {}): Promise<{ spec: AllocationSpec; view: AllocationView }> {
    const spec = await this.prepared(more);
    await this.driver.start(this.context(), spec.allocationId);
    return { spec, view: await this.until(spec.allocationId, 'running', this.subject.bootLimitMs) };
  }

  /** Stops an allocation and waits for it. */
  async stopped(allocationId: string): Promise<AllocationView> {
    await this.driver.stop(this.context(), allocationId);
    return this.until(allocationId, 'stopped', this.subject.stopLimitMs);
  }

  async view(allocationId: string): Promise<AllocationView> {
    const view = await this.driver.observe(allocationId);
    assert.ok(view, `${allocationId} is not known to the engine`);
    return view;
  }

  /** Polls until an allocation is in a state; collects nothing but patience. */
  async until(allocationId: string, state: AllocationState, limitMs: number): Promise<AllocationView> {
    const limit = AbortSignal.timeout(limitMs);
    for (;;) {
      const view = await this.view(allocationId);
      if (view.state === state) return view;
      assert.ok(view.state !== 'failed', `${allocationId} failed: ${view.fault?.message}`);
      assert.ok(!limit.aborted, `${allocationId} is ${view.state}, not ${state}, after ${limitMs} ms`);
      await sleep(POLL_MS);
    }
  }

  /** Every block of an allocation that is not acknowledged yet. */
  async blocksOf(allocationId: string): Promise<UsageBlockRecord[]> {
    return (await this.allBlocks()).filter((block) => block.allocationId === allocationId);
  }

  /** Every block of the zone that is not acknowledged yet, read page by page. */
  async allBlocks(afterSeq = 0, pageSize = 500): Promise<UsageBlockRecord[]> {
    const blocks: UsageBlockRecord[] = [];
    for (;;) {
      const page = await this.driver.telemetry(this.subject.zone, blocks.at(-1)?.seq ?? afterSeq, pageSize);
      assert.ok(page.length <= pageSize, `asked for ${pageSize} blocks, got ${page.length}`);
      blocks.push(...page);
      if (page.length < pageSize) return blocks;
    }
  }

  /** Terminates what the check made. */
  async tidy(): Promise<void> {
    for (const allocationId of this.#made) await this.driver.terminate(this.context(1_000_000), allocationId);
    this.#made.clear();
  }
}

/** All items of a stream. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Expects a call to be refused with a code. */
export async function refuses(code: DriverErrorCode, call: Promise<unknown>): Promise<DriverError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof DriverError, `refused with ${error} instead of a DriverError`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  throw new assert.AssertionError({ message: `accepted what must be refused as ${code}` });
}
