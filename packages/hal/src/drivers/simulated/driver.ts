import {
  type AllocationSpec,
  type AllocationView,
  type CallContext,
  type DriverCapabilities,
  DriverError,
  type ExecRequest,
  type ExecSession,
  type FleetDriver,
  type HealthEvent,
  type LiveSample,
  type LogChunk,
  type LogQuery,
  type NodeInventory,
  type ProbeReport,
  type ScrubEvidence,
  type UsageBlockRecord,
} from '../../driver';
import { type ExecTarget, openExec } from '../../exec/client';
import { HttpClient, type HttpClientOptions } from './http-client';
import * as wire from './wire';

const PAGE = 500;
const BLOCK_BYTES = 120;
const LIVE_BATCH = 200;
/** Most blocks or events the fleet gives in one answer. */
const MAX_LIMIT = 5_000;

/** Longest wait until a program has started. */
const EXEC_TIMEOUT_MS = 10_000;

const part = encodeURIComponent;

function context(ctx: CallContext): { operationKey: string; epoch: number } {
  return { operationKey: ctx.operationKey, epoch: ctx.epoch };
}

function toRecord(block: wire.WireBlock): UsageBlockRecord {
  const bytes = new Uint8Array(Buffer.from(block.bytes, 'base64'));
  if (bytes.length !== BLOCK_BYTES) {
    throw new DriverError('transient', `block ${block.seq} has ${bytes.length} bytes instead of ${BLOCK_BYTES}`);
  }
  return { ...block, bytes };
}

/** Driver of the simulated fleet: a client of the fleet process. */
export class SimulatedDriver implements FleetDriver {
  readonly #http: HttpClient;
  readonly #exec: ExecTarget;

  constructor(options: HttpClientOptions) {
    this.#http = new HttpClient(options);
    const { url, token, signer = null, timeoutMs = EXEC_TIMEOUT_MS } = options;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#exec = { url, headers, signer, connectTimeoutMs: timeoutMs };
  }

  capabilities(): Promise<DriverCapabilities> {
    return this.#http.send({ method: 'GET', path: '/v1/capabilities', answer: wire.wireCapabilities, changes: false });
  }

  async *discover(zone: string): AsyncIterable<NodeInventory> {
    let after: string | null = '';
    while (after !== null) {
      const path: string = `/v1/zones/${part(zone)}/nodes?limit=${PAGE}&after=${part(after)}`;
      const page = await this.#http.send({ method: 'GET', path, answer: wire.nodePage, changes: false });
      yield* page.items;
      after = page.next;
    }
  }

  async prepare(ctx: CallContext, spec: AllocationSpec): Promise<AllocationView> {
    const body = { context: context(ctx), spec };
    return this.#view('/v1/allocations', spec.allocationId, body, ctx.signal);
  }

  start(ctx: CallContext, allocationId: string): Promise<AllocationView> {
    return this.#command(ctx, allocationId, 'start');
  }

  stop(ctx: CallContext, allocationId: string): Promise<AllocationView> {
    return this.#command(ctx, allocationId, 'stop');
  }

  terminate(ctx: CallContext, allocationId: string): Promise<AllocationView> {
    return this.#command(ctx, allocationId, 'terminate');
  }

  #command(ctx: CallContext, allocationId: string, verb: string): Promise<AllocationView> {
    const path = `/v1/allocations/${part(allocationId)}/${verb}`;
    return this.#view(path, allocationId, { context: context(ctx) }, ctx.signal);
  }

  async #view(path: string, allocationId: string, body: unknown, signal?: AbortSignal): Promise<AllocationView> {
    const view = await this.#http.send({
      method: 'POST',
      path,
      body,
      answer: wire.wireView,
      changes: true,
      signal,
    });
    if (view.allocationId !== allocationId) {
      throw new DriverError('lost', `${path}: the answer is about ${view.allocationId}, not ${allocationId}`);
    }
    return view;
  }

  scrub(ctx: CallContext, deviceId: string): Promise<ScrubEvidence> {
    const path = `/v1/devices/${part(deviceId)}/scrub`;
    const body = { context: context(ctx) };
    return this.#http.send({
      method: 'POST',
      path,
      body,
      answer: wire.wireScrub,
      changes: true,
      signal: ctx.signal,
    });
  }

  probe(ctx: CallContext, allocationId: string): Promise<ProbeReport> {
    const path = `/v1/allocations/${part(allocationId)}/probe`;
    const body = { context: context(ctx) };
    // Asking again is harmless, so an unknown outcome is merely transient.
    return this.#http.send({ method: 'POST', path, body, answer: wire.wireProbe, changes: false, signal: ctx.signal });
  }

  async observe(allocationId: string): Promise<AllocationView | null> {
    const path = `/v1/allocations/${part(allocationId)}`;
    const { allocation } = await this.#http.send({ method: 'GET', path, answer: wire.viewAnswer, changes: false });
    if (allocation && allocation.allocationId !== allocationId) {
      throw new DriverError('transient', `${path}: the answer is about ${allocation.allocationId}`);
    }
    return allocation;
  }

  async *observed(zone: string): AsyncIterable<AllocationView> {
    let after: string | null = '';
    while (after !== null) {
      const path: string = `/v1/zones/${part(zone)}/allocations?limit=${PAGE}&after=${part(after)}`;
      const page = await this.#http.send({ method: 'GET', path, answer: wire.viewPage, changes: false });
      yield* page.items;
      after = page.next;
    }
  }

  async telemetry(zone: string, afterSeq: number, limit: number): Promise<UsageBlockRecord[]> {
    const path = `/v1/zones/${part(zone)}/telemetry?after=${afterSeq}&limit=${Math.min(limit, MAX_LIMIT)}`;
    const page = await this.#http.send({ method: 'GET', path, answer: wire.blockPage, changes: false });
    return page.items.map(toRecord);
  }

  async acknowledgeTelemetry(zone: string, uptoSeq: number): Promise<void> {
    const path = `/v1/zones/${part(zone)}/telemetry/acknowledge`;
    // Repeating it is harmless, so an unknown outcome is merely transient.
    await this.#http.send({ method: 'POST', path, body: { uptoSeq }, answer: wire.nothing, changes: false });
  }

  async live(allocationIds: string[], sinceS: number): Promise<LiveSample[]> {
    const samples: LiveSample[] = [];
    for (let from = 0; from < allocationIds.length; from += LIVE_BATCH) {
      const body = { allocationIds: allocationIds.slice(from, from + LIVE_BATCH), sinceS };
      const page = await this.#http.send({
        method: 'POST',
        path: '/v1/live',
        body,
        answer: wire.livePage,
        changes: false,
      });
      samples.push(...page.items);
    }
    return samples;
  }

  async health(zone: string, afterSeq: number, limit: number): Promise<HealthEvent[]> {
    const path = `/v1/zones/${part(zone)}/health?after=${afterSeq}&limit=${Math.min(limit, MAX_LIMIT)}`;
    const page = await this.#http.send({ method: 'GET', path, answer: wire.healthPage, changes: false });
    return page.items;
  }

  logs(allocationId: string, { cursor = null, tail, sinceMs }: LogQuery): Promise<LogChunk> {
    const query = new URLSearchParams();
    if (cursor !== null) query.set('cursor', cursor);
    if (tail !== undefined) query.set('tail', String(tail));
    if (sinceMs !== undefined) query.set('since', String(sinceMs));
    const text = query.toString();
    const path = `/v1/allocations/${part(allocationId)}/logs${text === '' ? '' : `?${text}`}`;
    return this.#http.send({ method: 'GET', path, answer: wire.wireLogs, changes: false });
  }

  exec(allocationId: string, request: ExecRequest): Promise<ExecSession> {
    return openExec(this.#exec, allocationId, request);
  }

  drain(ctx: CallContext, nodeId: string): Promise<void> {
    return this.#change(ctx, `/v1/nodes/${part(nodeId)}/drain`, {});
  }

  resume(ctx: CallContext, nodeId: string): Promise<void> {
    return this.#change(ctx, `/v1/nodes/${part(nodeId)}/resume`, {});
  }

  advanceClock(ctx: CallContext, allocationId: string, clockOffsetS: number): Promise<void> {
    return this.#change(ctx, `/v1/allocations/${part(allocationId)}/clock`, { clockOffsetS });
  }

  async #change(ctx: CallContext, path: string, more: Record<string, unknown>): Promise<void> {
    const body = { context: context(ctx), ...more };
    await this.#http.send({ method: 'POST', path, body, answer: wire.nothing, changes: true, signal: ctx.signal });
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}
