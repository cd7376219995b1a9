import { DriverError } from '@suanxiang/hal/driver';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { settingsSchema } from '../engine/settings';
import { isLive } from '../engine/state';
import type { Fleet } from '../fleet';

const settingsBody = settingsSchema.partial().extend({ phasesMs: settingsSchema.shape.phasesMs.partial().optional() });
const damageBody = z.strictObject({ target: z.enum(['node', 'device', 'allocation']), id: z.string().min(1).max(128) });
const warnBody = z.strictObject({
  id: z.string().min(1).max(128),
  vendorCode: z.string().min(1).max(64),
  message: z.string().max(256),
});
const advanceBody = z.strictObject({
  allocationId: z.string().min(1).max(128),
  clockOffsetS: z.int().min(0).multipleOf(60),
});

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** What a person or a test turns: not part of the driver contract, and answered to this machine only. */
export function controlRoutes(server: FastifyInstance, fleet: Fleet): void {
  server.addHook('onRequest', async (request) => {
    if (request.url.startsWith('/control/') && !LOOPBACK.has(request.socket.remoteAddress ?? '')) {
      throw new DriverError('unsupported', 'control is for this machine only');
    }
  });
  server.get('/control/settings', () => fleet.read(({ state }) => state.settings));
  server.post('/control/settings', async (request) => {
    const given = settingsBody.parse(request.body);
    const present = await fleet.read(({ state }) => state.settings);
    const phasesMs = { ...present.phasesMs, ...given.phasesMs };
    const settings = settingsSchema.parse({ ...present, ...given, phasesMs });
    await fleet.change({ do: 'settings', settings });
    return settings;
  });
  for (const verb of ['break', 'repair'] as const) {
    server.post(`/control/${verb}`, async (request) => {
      await fleet.change({ do: verb, ...damageBody.parse(request.body) });
      return {};
    });
  }
  server.post('/control/warn', async (request) => {
    await fleet.change({ do: 'warn', ...warnBody.parse(request.body) });
    return {};
  });
  server.post('/control/advance', async (request) => {
    const { allocationId, clockOffsetS } = advanceBody.parse(request.body);
    const epoch = await fleet.read(({ state }) => state.allocations.get(allocationId)?.epoch ?? 1);
    await fleet.change({ do: 'clock', id: allocationId, clockOffsetS, key: 'control', epoch });
    return {};
  });
  server.get('/control/summary', () =>
    fleet.read(({ state, topology }) => ({
      nowMs: state.nowMs,
      zones: [...state.zones.values()].map((zone) => ({
        id: zone.id,
        nodes: topology.zones.get(zone.id)?.length ?? 0,
        devices: topology.zones.get(zone.id)?.reduce((sum, node) => sum + node.devices.length, 0) ?? 0,
        held: [...state.holders.keys()].filter((id) => topology.devices.get(id)?.node.zone === zone.id).length,
        running: [...zone.live].filter(isLive).length,
        blocks: { next: zone.nextSeq, acknowledged: zone.acknowledgedSeq },
      })),
    })),
  );
}
