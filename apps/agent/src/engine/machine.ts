import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DriverFault } from '@suanxiang/hal/driver';
import { type ContainerState, PodmanError } from '../podman/client';
import {
  containerName,
  containerSpec,
  LABEL,
  networkName,
  removeInstanceFiles,
  writeInstanceFiles,
} from '../podman/container-spec';
import type { Allocation } from '../state/model';
import type { Sampler } from '../usage/sampler';
import { isUp, type NodeContext } from './node';

const LOOK_MS = 50;
const ATTEMPTS = 3;
const BANNER_MS = 2_000;

/** The tenant stopped it while it was on its way up. */
class Abandoned extends Error {}

/** The workload cannot run; no other try would do better. */
class BootFailure extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
  }
}

/** True when something that speaks SSH answers. */
function speaksSsh(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(BANNER_MS, () => end(false));
    socket.once('data', (bytes) => end(bytes.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/**
 * Makes containers what the state says. Everything it does may be repeated: names follow from the allocation's id, and the
 * state is on disk before anything is done, so that after a crash at any point `resume` goes on.
 */
export class Machine {
  readonly #ctx: NodeContext;
  readonly #sampler: Sampler;
  /** What is being done for an allocation; one thing after another. */
  readonly #chains = new Map<string, Promise<unknown>>();
  #closed = false;

  constructor(ctx: NodeContext, sampler: Sampler) {
    this.#ctx = ctx;
    this.#sampler = sampler;
  }

  #chain<T>(id: string, act: () => Promise<T>): Promise<T> {
    const next = (this.#chains.get(id) ?? Promise.resolve()).then(act, act);
    this.#chains.set(id, next);
    const forget = () => {
      if (this.#chains.get(id) === next) this.#chains.delete(id);
    };
    next.then(forget, forget);
    return next;
  }

  #allocation(id: string): Allocation {
    return this.#ctx.book.state.allocations.get(id)!;
  }

  /** Does what the state of an allocation asks for; its caller does not wait. */
  poke(id: string): void {
    this.#chain(id, () => this.#settle(id)).catch((error: unknown) => {
      if (this.#closed) return;
      this.#ctx.logger.warn({ err: error, allocationId: id }, 'not done yet');
      setTimeout(() => this.#closed || this.poke(id), this.#ctx.timing.retryMs).unref();
    });
  }

  async #settle(id: string): Promise<void> {
    const { state } = this.#allocation(id);
    if (state === 'starting') await this.#boot(id);
    else if (state === 'running') await this.#lookWhetherUp(id);
    else if (state === 'stopping') await this.#takeDown(id);
    else if (state === 'terminated') await this.#clear(id);
    else if (this.#allocation(id).startedAtMs === null && state !== 'prepared') await this.#clear(id);
    await this.#ctx.book.kept();
  }

  /** Ends an allocation for good and resolves when nothing of it is left. */
  async terminate(id: string): Promise<void> {
    await this.#chain(id, async () => {
      if (isUp(this.#allocation(id))) await this.#takeDown(id);
      await this.#clear(id);
      this.#ctx.book.change(id, (one) => {
        one.state = 'terminated';
        one.phase = null;
        one.terminatedAtMs = this.#ctx.clock.nowMs();
        // Tenants' secrets stay no longer than their instance.
        one.spec = { ...one.spec, sshPublicKeys: [], startupScript: null, environment: {}, files: [] };
      });
      this.#sampler.forget(id);
    });
  }

  /** Goes on after a start of the agent, and removes containers and networks of the store that no allocation accounts for. */
  async resume(): Promise<void> {
    const { book, podman } = this.#ctx;
    const ours = new Set<string>();
    for (const { id, state } of book.state.allocations.values()) {
      if (state === 'terminated') continue;
      ours.add(containerName(id)).add(networkName(id));
      if (state !== 'prepared' && state !== 'stopped' && state !== 'failed') this.poke(id);
    }
    for (const name of await podman.containers(LABEL)) {
      if (ours.has(name)) continue;
      this.#ctx.logger.warn({ name }, 'removing a container that no allocation accounts for');
      await podman.removeContainer(name);
    }
    for (const name of await podman.networks(LABEL)) if (!ours.has(name)) await podman.removeNetwork(name);
  }

  #wanted(id: string): void {
    if (this.#closed || this.#allocation(id).state !== 'starting') throw new Abandoned();
  }

  async #enter(id: string, phase: string, note: string): Promise<void> {
    this.#wanted(id);
    this.#ctx.book.change(id, (one) => {
      one.phase = phase;
      if (one.notes.at(-1)?.text !== note) one.notes.push({ atMs: this.#ctx.clock.nowMs(), text: note });
    });
    await this.#ctx.book.kept();
    this.#wanted(id);
  }

  async #boot(id: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#bringUp(id);
        return;
      } catch (error) {
        if (error instanceof Abandoned) {
          if (!this.#closed) await this.#clear(id);
          return;
        }
        const isFinal = error instanceof BootFailure || attempt === ATTEMPTS;
        if (isFinal) {
          await this.#fail(id, error);
          return;
        }
        this.#ctx.logger.warn({ err: error, allocationId: id, attempt }, 'boot will be tried again');
        await this.#clear(id);
        await sleep(this.#ctx.timing.retryMs);
      }
    }
  }

  async #fail(id: string, error: unknown): Promise<void> {
    const kind = error instanceof BootFailure ? error.kind : 'boot_failed';
    const message = error instanceof Error ? error.message : String(error);
    if (this.#allocation(id).state !== 'starting') return;
    this.#ctx.book.change(id, (one) => {
      one.state = 'failed';
      one.phase = null;
      one.fault = { kind, message, vendorCode: null, deviceId: null };
    });
    this.#reportExit(id, message);
  }

  #reportExit(id: string, message: string): void {
    const { book, clock, host } = this.#ctx;
    const at = { atMs: clock.nowMs(), nodeId: host.nodeId, deviceId: null, allocationId: id, vendorCode: null };
    book.note({ t: 'health', event: { ...at, kind: 'workload_exited', message } });
  }

  /** The image that the tenant named, from this host or from its registry. */
  async #image(image: string): Promise<string> {
    const { podman } = this.#ctx;
    for (const name of [`localhost/${image}`, image]) if (await podman.hasImage(name)) return name;
    try {
      await podman.pull(image);
      return image;
    } catch (error) {
      if (!(error instanceof PodmanError) || error.status === 0) throw error;
      throw new BootFailure('image_pull_failed', `image ${image} could not be pulled: ${error.message}`);
    }
  }

  async #bringUp(id: string): Promise<void> {
    const { podman, instancesFolder, address } = this.#ctx;
    const { spec } = this.#allocation(id);
    await this.#enter(id, 'pulling_image', `pulling ${spec.image}`);
    const image = await this.#image(spec.image);
    await this.#enter(id, 'creating_network', 'creating the network');
    await podman.createNetwork(networkName(id), { [LABEL]: '1' });
    await this.#enter(id, 'attaching_devices', `attaching ${spec.deviceIds.join(', ')}`);
    const before = await podman.inspect(containerName(id));
    // Made by a try that was cut off: only a container that never ran is what we asked for.
    if (before && !before.fresh && !before.running) await podman.removeContainer(containerName(id));
    if (!before || (!before.fresh && !before.running)) {
      writeInstanceFiles(instancesFolder, this.#allocation(id));
      await podman.createContainer(
        containerSpec(instancesFolder, this.#allocation(id), {
          image,
          host: address,
          ...this.#devices(spec.deviceIds),
        }),
      );
    }
    await this.#enter(id, 'booting', 'starting');
    await podman.startContainer(containerName(id));
    await this.#enter(id, 'verifying', 'waiting for the SSH server');
    await this.#verify(id);
  }

  /** Device nodes and variables of the devices; shares of processors have none. */
  #devices(deviceIds: readonly string[]): { devices: string[]; environment: Record<string, string> } {
    const chosen = this.#ctx.host.devices.filter(({ deviceId }) => deviceIds.includes(deviceId));
    const environment: Record<string, string> = {};
    for (const { visible } of chosen) {
      if (!visible) continue;
      const others = environment[visible.variable];
      environment[visible.variable] = others === undefined ? visible.value : `${others},${visible.value}`;
    }
    return { devices: [...new Set(chosen.flatMap(({ nodes }) => nodes))], environment };
  }

  /** Waits until the SSH server answers; from this moment on it runs. */
  async #verify(id: string): Promise<void> {
    const { podman, address, book, clock, timing } = this.#ctx;
    const limit = AbortSignal.timeout(timing.bootLimitMs);
    for (;;) {
      this.#wanted(id);
      const container = await podman.inspect(containerName(id));
      if (!container?.running) throw new BootFailure('boot_failed', exitText(container));
      if (await speaksSsh(address, this.#allocation(id).port)) {
        this.#wanted(id);
        const startedAtMs = clock.nowMs();
        const allocation = book.change(id, (one) => {
          one.state = 'running';
          one.phase = null;
          one.pid = container.pid;
          one.startedAtMs = startedAtMs;
        });
        this.#sampler.begin(allocation, startedAtMs);
        return;
      }
      if (limit.aborted) throw new BootFailure('boot_failed', 'no SSH server answered in time');
      await sleep(LOOK_MS);
    }
  }

  /** A running workload whose processes are gone, or that went down while the agent was away. */
  async #lookWhetherUp(id: string): Promise<void> {
    const container = await this.#ctx.podman.inspect(containerName(id));
    if (container?.running) return;
    const message = `the workload ended by itself: ${exitText(container)}`;
    const failed = container === null || container.exitCode !== 0;
    const fault: DriverFault = { kind: 'workload_exited', message, vendorCode: null, deviceId: null };
    this.#finish(id, container, failed ? 'failed' : 'stopped', failed ? fault : null);
    this.#reportExit(id, message);
  }

  async #takeDown(id: string): Promise<void> {
    const { podman, timing } = this.#ctx;
    const name = containerName(id);
    await podman.stopContainer(name, timing.stopGraceS);
    const container = await podman.inspect(name);
    if (container?.running) throw new Error(`${name} still runs after it was stopped`);
    this.#finish(id, container, 'stopped', null);
  }

  /** Ends the meter at the moment at which the engine saw the last process go. */
  #finish(id: string, container: ContainerState | null, state: 'stopped' | 'failed', fault: DriverFault | null): void {
    const { book, clock } = this.#ctx;
    const allocation = this.#allocation(id);
    const meter = book.state.meters.get(id);
    // A container that vanished proves nothing after its last reading.
    const seenMs = container?.finishedAtMs ?? meter?.readAtMs ?? clock.nowMs();
    const stoppedAtMs = Math.max(seenMs, allocation.startedAtMs ?? 0);
    this.#sampler.end(allocation, stoppedAtMs);
    book.change(id, (one) => {
      one.state = state;
      one.stoppedAtMs = stoppedAtMs;
      one.pid = null;
      one.fault = fault;
    });
  }

  /** Removes everything of an instance: processes, container, network, volume, keys. */
  async #clear(id: string): Promise<void> {
    const { podman, instancesFolder } = this.#ctx;
    await podman.removeContainer(containerName(id));
    await podman.removeNetwork(networkName(id));
    removeInstanceFiles(instancesFolder, id);
  }

  /** Leaves everything as it is; instances run on without the agent. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#chains.values());
  }
}

function exitText(container: ContainerState | null): string {
  if (!container) return 'its container is gone';
  if (container.oomKilled || container.exitCode === 137) return 'killed, probably out of memory (status 137)';
  return `its first process ended with status ${container.exitCode}`;
}
