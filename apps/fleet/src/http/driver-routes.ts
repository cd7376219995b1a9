import { DriverError } from '@suanxiang/hal/driver';
import * as wire from '@suanxiang/hal/drivers/simulated/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Command, reduceSpec } from '../engine/command';
import type { Engine } from '../engine/engine';
import { deviceHealth, isSchedulable } from '../engine/inventory';
import { sentinelOf } from '../engine/sentinels';
import type { ZoneState } from '../engine/state';
import { viewOf } from '../engine/view';
import type { Fleet } from '../fleet';
import { readBlocks } from '../usage/blocks';
import { readLive } from '../usage/live';
import { readLogs } from '../usage/logs';
import { Mischief } from './mischief';

const params = (request: FastifyRequest) => request.params as Record<string, string>;

function zoneOf(engine: Engine, id: string): ZoneState {
  const zone = engine.state.zones.get(id);
  if (!zone) throw new DriverError('invalid', `zone ${id} is not known`);
  return zone;
}

/** One page of things sorted by id, after an id (exclusive). */
function page<T>(sorted: readonly T[], idOf: (item: T) => string, after: string, limit: number) {
  const from = after === '' ? 0 : sorted.findIndex((item) => idOf(item) > after);
  const items = from === -1 ? [] : sorted.slice(from, from + limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && from + limit < sorted.length ? idOf(last) : null };
}

function inventoryRoutes(server: FastifyInstance, fleet: Fleet): void {
  server.get('/v1/capabilities', () => ({ exec: true, logs: true, testClock: true, scrub: true, probe: true }));
  server.get('/v1/regions', () => fleet.read(({ topology }) => ({ items: topology.regions })));
  server.get('/v1/zones/:zone/nodes', async (request) => {
    const { after, limit } = wire.pageQuery.parse(request.query);
    return fleet.read((engine) => {
      zoneOf(engine, params(request).zone!);
      const nodes = engine.topology.zones.get(params(request).zone!)!;
      const { items, next } = page(nodes, ({ nodeId }) => nodeId, after, limit);
      const present = items.map((node) => ({
        ...node,
        schedulable: isSchedulable(engine.state, node.nodeId),
        devices: node.devices.map((device) => ({ ...device, health: deviceHealth(engine.state, node.nodeId, device) })),
      }));
      return { items: present, next };
    });
  });
  server.get('/v1/zones/:zone/allocations', async (request) => {
    const { after, limit } = wire.pageQuery.parse(request.query);
    return fleet.read((engine) => {
      const { state } = engine;
      const { id: zoneId } = zoneOf(engine, params(request).zone!);
      const sorted = [...state.allocations.values()]
        .filter((allocation) => allocation.zone === zoneId && allocation.state !== 'terminated')
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const { items, next } = page(sorted, ({ id }) => id, after, limit);
      return { items: items.map((allocation) => viewOf(state, allocation)), next };
    });
  });
  server.get('/v1/allocations/:id', (request) =>
    fleet.read(({ state }) => {
      const allocation = state.allocations.get(params(request).id!);
      return { allocation: allocation ? viewOf(state, allocation) : null };
    }),
  );
}

function usageRoutes(server: FastifyInstance, fleet: Fleet): void {
  server.get('/v1/zones/:zone/telemetry', (request) => {
    const { after, limit } = wire.seqQuery.parse(request.query);
    return fleet.read((engine) => {
      const zone = zoneOf(engine, params(request).zone!);
      const blocks = readBlocks(engine.topology.seed, zone, after, limit);
      return { items: blocks.map((block) => ({ ...block, bytes: Buffer.from(block.bytes).toString('base64') })) };
    });
  });
  server.post('/v1/zones/:zone/telemetry/acknowledge', async (request) => {
    const { uptoSeq } = wire.acknowledgeBody.parse(request.body);
    await fleet.change({ do: 'acknowledge', zone: params(request).zone!, uptoSeq });
    return {};
  });
  server.post('/v1/live', (request) => {
    const { allocationIds, sinceS } = wire.liveBody.parse(request.body);
    return fleet.read(({ state, topology }) => {
      const known = allocationIds.flatMap((id) => state.allocations.get(id) ?? []);
      return { items: known.flatMap((allocation) => readLive(state, topology, allocation, sinceS)) };
    });
  });
  server.get('/v1/zones/:zone/health', (request) => {
    const { after, limit } = wire.seqQuery.parse(request.query);
    return fleet.read((engine) => {
      const { health } = zoneOf(engine, params(request).zone!);
      const from = Math.max(0, after + 1 - (health[0]?.seq ?? 1));
      return { items: health.slice(from, from + limit) };
    });
  });
  server.get('/v1/allocations/:id/logs', (request) => {
    const { cursor = null, tail, since } = wire.logQuery.parse(request.query);
    return fleet.read(({ state, topology }) => {
      const allocation = state.allocations.get(params(request).id!);
      if (!allocation) throw new DriverError('invalid', `allocation ${params(request).id} is not known`);
      return readLogs(state, topology, allocation, { cursor, tail, sinceMs: since });
    });
  });
}

type Verb = 'prepare' | 'start' | 'stop' | 'terminate';

function commandRoutes(server: FastifyInstance, fleet: Fleet): void {
  const mischief = new Mischief();

  /** Sends a command, with the trouble that the allocation's name asks for; a key that was answered has no trouble. */
  async function answer(reply: FastifyReply, command: Command & { do: Verb }) {
    const id = command.do === 'prepare' ? command.spec.allocationId : command.id;
    const present = fleet.peek(({ state }) => state.allocations.get(id));
    const spec = command.do === 'prepare' ? command.spec : present?.spec;
    const isReplay = present !== undefined && `${command.do}|${command.key}` in present.answers;
    const sentinel = spec && !isReplay ? sentinelOf(spec) : null;
    mischief.refuse(sentinel, command.do, id);
    const view = await fleet.change(command);
    if (!mischief.losesReply(sentinel, command.do, id)) return view;
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }

  server.post('/v1/allocations', (request, reply) => {
    const { context, spec } = wire.prepareBody.parse(request.body);
    return answer(reply, {
      do: 'prepare',
      spec: reduceSpec(spec),
      key: context.operationKey,
      epoch: context.epoch,
    });
  });

  for (const verb of ['start', 'stop', 'terminate'] as const) {
    server.post(`/v1/allocations/:id/${verb}`, (request, reply) => {
      const { context } = wire.commandBody.parse(request.body);
      return answer(reply, { do: verb, id: params(request).id!, key: context.operationKey, epoch: context.epoch });
    });
  }

  server.post('/v1/allocations/:id/clock', async (request) => {
    const { context, clockOffsetS } = wire.clockBody.parse(request.body);
    const id = params(request).id!;
    await fleet.change({ do: 'clock', id, clockOffsetS, key: context.operationKey, epoch: context.epoch });
    return {};
  });
  server.post('/v1/devices/:id/scrub', (request) => {
    const { context } = wire.commandBody.parse(request.body);
    return fleet.change({
      do: 'scrub',
      id: params(request).id!,
      key: context.operationKey,
      epoch: context.epoch,
    });
  });
  server.post('/v1/allocations/:id/probe', (request) => {
    const { context } = wire.commandBody.parse(request.body);
    const id = params(request).id!;
    return fleet.change({ do: 'probe', id, key: context.operationKey, epoch: context.epoch });
  });
  for (const verb of ['drain', 'resume'] as const) {
    server.post(`/v1/nodes/:id/${verb}`, async (request) => {
      wire.commandBody.parse(request.body);
      await fleet.change({ do: verb, id: params(request).id! });
      return {};
    });
  }
}

/** What the driver calls. */
export function driverRoutes(server: FastifyInstance, fleet: Fleet): void {
  inventoryRoutes(server, fleet);
  usageRoutes(server, fleet);
  commandRoutes(server, fleet);
}
