import { z } from 'zod';
import type { ZoneConfig } from '../../registry';
import { HttpClient } from './http-client';

const regions = z.object({
  items: z.array(z.object({ id: z.string().min(1), zones: z.array(z.string().min(1)).min(1) })),
});

/** The zones that a simulated fleet runs, in its order. Rejects with DriverError while it cannot be asked. */
export async function simulatedZones(fleet: { url: string; token: string }): Promise<ZoneConfig[]> {
  const http = new HttpClient({ ...fleet, connections: 1 });
  try {
    const { items } = await http.send({ method: 'GET', path: '/v1/regions', answer: regions, changes: false });
    return items.flatMap((region) =>
      region.zones.map((zoneId) => ({ zoneId, driver: 'simulated' as const, ...fleet })),
    );
  } finally {
    await http.close();
  }
}
