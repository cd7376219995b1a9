import type { rendezvous, sshEndpoint } from '@suanxiang/contract/schemas/workload';
import { withOrgSql } from '@suanxiang/db/tenant';
import { ACCELERATOR_VENDORS } from '@suanxiang/domain/accelerator-vendors';
import { acceleratorModel } from '@suanxiang/domain/accelerators';
import {
  type Gang,
  gangEnvironment,
  gangFiles,
  launchCommands,
  MASTER_PORT,
  masterAddress,
} from '@suanxiang/domain/rendezvous';
import type { z } from 'zod';
import type { Principal } from '../access/principal';
import type { AppContext } from '../context';
import { requireVisible } from './visible-workload';

interface ClusterRow {
  model_id: string;
  node_count: number;
  gpus_per_node: number;
}

interface NodeRow {
  rank: number;
  host: string;
  indexes: number[];
  ssh: z.input<typeof sshEndpoint> | null;
}

/**
 * Where and by what names the processes of a cluster meet: the same that its nodes were given when they were laid out.
 * Without nodes while it does not hold them all. Throws `not_found`.
 */
export function getRendezvous(ctx: AppContext, principal: Principal, id: string): Promise<z.input<typeof rendezvous>> {
  const { orgId } = principal;
  return withOrgSql(ctx.api, orgId, async (sql) => {
    await requireVisible(sql, principal, 'cluster', id);
    const [cluster] = await sql<ClusterRow>`
      SELECT model_id, node_count, gpus_per_node FROM workload WHERE org_id = ${orgId} AND id = ${id}`;
    const rows = await sql<NodeRow>`
      SELECT a.rank, n.name AS host, CASE WHEN a.ssh_host IS NULL THEN NULL
          ELSE json_build_object('host', a.ssh_host, 'port', a.ssh_port, 'user', a.ssh_user) END AS ssh,
        (SELECT coalesce(json_agg(v.index ORDER BY d.position), '[]') FROM allocation_device d
          JOIN device v ON v.id = d.device_id WHERE d.org_id = a.org_id AND d.allocation_id = a.id) AS indexes
      FROM allocation a JOIN node n ON n.id = a.node_id
      WHERE a.org_id = ${orgId} AND a.workload_id = ${id} AND a.state IN ('prepared', 'running') ORDER BY a.rank`;
    return answerOf(id, cluster!, rows);
  });
}

function answerOf(id: string, cluster: ClusterRow, rows: readonly NodeRow[]): z.input<typeof rendezvous> {
  const vendor = ACCELERATOR_VENDORS[acceleratorModel(cluster.model_id).vendorClass];
  const nodes = rows.map(({ rank, host, indexes }) => ({ rank, host, deviceIndexes: indexes }));
  const gang: Gang = { modelId: cluster.model_id, nodes };
  // Half a gang has no meeting point: what it would be told changes with every node that comes.
  const whole = nodes.length === cluster.node_count;
  return {
    cluster_id: id,
    accelerator_id: gang.modelId,
    collective_library: vendor.collectiveLibrary,
    device_type: vendor.pytorchDevice,
    master_addr: whole ? masterAddress(gang) : null,
    master_port: MASTER_PORT,
    world_size: cluster.node_count * cluster.gpus_per_node,
    nproc_per_node: cluster.gpus_per_node,
    nodes: (whole ? rows : []).map(({ rank, host, indexes, ssh }) => ({
      rank,
      host,
      first_process: rank * cluster.gpus_per_node,
      device_indexes: indexes,
      environment: gangEnvironment(gang, rank),
      ssh,
    })),
    files: whole ? gangFiles(gang) : [],
    commands: whole ? launchCommands(gang) : null,
  };
}
