import { singleSql } from '@suanxiang/db/tenant';
import type { ZoneConfig } from '@suanxiang/hal/registry';
import type { OpenProvisioner } from './open-provisioner';

/**
 * Learns of the zones that node agents run: of each zone the agent that enrolled last. Returns the zones that are new to
 * this process. `controlKey`: the control plane's private key, 32 bytes in base64.
 */
export async function learnAgentZones(ctx: OpenProvisioner, controlKey: string): Promise<string[]> {
  const agents = await singleSql(ctx.db)<{ id: string; zone_id: string; url: string; public_key: Uint8Array }>`
    SELECT DISTINCT ON (a.zone_id) a.id, a.zone_id, a.url, a.public_key FROM agent a JOIN zone z ON z.id = a.zone_id
    WHERE a.url IS NOT NULL AND a.revoked_at IS NULL AND z.driver = 'agent' ORDER BY a.zone_id, a.enrolled_at DESC`;
  const zones = agents.map(
    (agent): ZoneConfig => ({
      zoneId: agent.zone_id,
      driver: 'agent',
      url: agent.url,
      agentId: agent.id,
      controlKey,
      agentKey: Buffer.from(agent.public_key).toString('base64'),
    }),
  );
  return zones.filter((zone) => ctx.fleet.set(zone)).map(({ zoneId }) => zoneId);
}
