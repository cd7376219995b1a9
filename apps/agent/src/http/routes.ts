import { DriverError } from '@suanxiang/hal/driver';
import * as wire from '@suanxiang/hal/drivers/simulated/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Agent } from '../agent';

const params = (request: FastifyRequest) => request.params as Record<string, string>;

/** The same paths and bodies as the simulated fleet's (packages/hal/src/drivers/simulated/wire.ts). */
export function driverRoutes(server: FastifyInstance, agent: Agent, agentId: string): void {
  function assertZone(request: FastifyRequest): void {
    if (params(request).zone !== agent.zone)
      throw new DriverError('invalid', `zone ${params(request).zone} is not known`);
  }

  server.get('/v1/capabilities', () => ({ exec: true, logs: true, testClock: false, scrub: true, probe: true }));
  server.get('/v1/zones/:zone/nodes', (request) => {
    assertZone(request);
    const { after } = wire.pageQuery.parse(request.query);
    const node = agent.node();
    return { items: node.nodeId > after ? [node] : [], next: null };
  });
  server.get('/v1/zones/:zone/allocations', (request) => {
    assertZone(request);
    const { after, limit } = wire.pageQuery.parse(request.query);
    const later = agent.observed().filter(({ allocationId }) => allocationId > after);
    const items = later.slice(0, limit);
    return { items, next: later.length > limit ? (items.at(-1)?.allocationId ?? null) : null };
  });
  server.get('/v1/allocations/:id', (request) => ({ allocation: agent.observe(params(request).id!) }));

  server.post('/v1/allocations', (request) => {
    const { context, spec } = wire.prepareBody.parse(request.body);
    return agent.prepare(spec, context);
  });
  for (const verb of ['start', 'stop', 'terminate'] as const) {
    server.post(`/v1/allocations/:id/${verb}`, (request) => {
      const { context } = wire.commandBody.parse(request.body);
      return agent[verb](params(request).id!, context);
    });
  }
  server.post('/v1/allocations/:id/clock', (request) => {
    wire.clockBody.parse(request.body);
    throw new DriverError('unsupported', 'a real machine has no test clock');
  });
  server.post('/v1/allocations/:id/probe', (request) => {
    const { context } = wire.commandBody.parse(request.body);
    return agent.probe(params(request).id!, context);
  });
  server.post('/v1/devices/:id/scrub', (request) => {
    const { context } = wire.commandBody.parse(request.body);
    return agent.scrub(params(request).id!, context);
  });
  for (const verb of ['drain', 'resume'] as const) {
    server.post(`/v1/nodes/:id/${verb}`, (request) => {
      wire.commandBody.parse(request.body);
      agent.setDrained(params(request).id!, verb === 'drain');
      return {};
    });
  }

  server.get('/v1/zones/:zone/telemetry', (request) => {
    assertZone(request);
    const { after, limit } = wire.seqQuery.parse(request.query);
    return { items: agent.blocks(after, limit).map((block) => ({ ...block, rev: 0, agentId })) };
  });
  server.post('/v1/zones/:zone/telemetry/acknowledge', (request) => {
    assertZone(request);
    agent.acknowledge(wire.acknowledgeBody.parse(request.body).uptoSeq);
    return {};
  });
  server.post('/v1/live', (request) => {
    const { allocationIds, sinceS } = wire.liveBody.parse(request.body);
    return { items: agent.live(allocationIds, sinceS) };
  });
  server.get('/v1/zones/:zone/health', (request) => {
    assertZone(request);
    const { after, limit } = wire.seqQuery.parse(request.query);
    return { items: agent.health(after, limit) };
  });
  server.get('/v1/allocations/:id/logs', (request) => {
    const { cursor = null, tail, since } = wire.logQuery.parse(request.query);
    return agent.logs(params(request).id!, { cursor, tail, sinceMs: since });
  });
}
