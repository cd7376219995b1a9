import type { capacityPool } from '@suanxiang/contract/schemas/scheduling';
import { singleSql } from '@suanxiang/db/tenant';
import type { z } from 'zod';
import type { UseCase } from '../use-case';

/** Devices of one model in one island of one node. */
interface IslandRow {
  region_id: string;
  zone_id: string;
  model_id: string;
  node_id: string;
  leaf: string;
  in_service: boolean;
  devices: number;
  held: number;
  unhealthy: number;
  free: number;
}

type Pool = z.input<typeof capacityPool>;
type Hole = { free: number; count: number };

/** Capacity by zone and model, and how what is free lies: in nodes, in islands, in leaves. */
export const operatorCapacity: UseCase<'operatorCapacity'> = async (ctx) => {
  const sql = singleSql(ctx.ops);
  const islands = await sql<IslandRow>`
    SELECT z.region_id, d.zone_id, d.model_id, d.node_id, n.spine || '/' || n.leaf AS leaf,
      n.health = 'ok' AND n.schedulable AND n.cordoned_at IS NULL AS in_service, count(*)::int AS devices,
      (count(*) FILTER (WHERE d.held_by IS NOT NULL))::int AS held,
      (count(*) FILTER (WHERE d.held_by IS NULL AND d.health <> 'ok'))::int AS unhealthy,
      (count(*) FILTER (WHERE d.held_by IS NULL AND d.health = 'ok'))::int AS free
    FROM device d JOIN node n ON n.id = d.node_id JOIN zone z ON z.id = d.zone_id JOIN region r ON r.id = z.region_id
    GROUP BY r.position, z.region_id, d.zone_id, d.model_id, d.node_id, n.spine, n.leaf, n.health, n.schedulable,
      n.cordoned_at, d.island
    ORDER BY r.position, d.zone_id, d.model_id, d.node_id, d.island`;
  const waiting = await sql<{ region_id: string; model_id: string; devices: number }>`
    SELECT region_id, model_id, sum(nodes * gpus_per_node)::int AS devices FROM capacity_claim WHERE waits
    GROUP BY region_id, model_id`;
  const asked = new Map(waiting.map((row) => [`${row.region_id} ${row.model_id}`, row.devices]));
  const pools = grouped(islands, (row) => `${row.zone_id} ${row.model_id}`);
  return { items: pools.map((rows) => poolOf(rows, asked.get(`${rows[0]!.region_id} ${rows[0]!.model_id}`) ?? 0)) };
};

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return [...groups.values()];
}

const sum = (rows: readonly IslandRow[], of: (row: IslandRow) => number) =>
  rows.reduce((total, row) => total + of(row), 0);

/** How often each amount above nothing occurs, smallest first. */
function histogram(amounts: readonly number[]): Hole[] {
  const counts = new Map<number, number>();
  for (const free of amounts) if (free > 0) counts.set(free, (counts.get(free) ?? 0) + 1);
  return [...counts].map(([free, count]) => ({ free, count })).sort((a, b) => a.free - b.free);
}

function poolOf(islands: readonly IslandRow[], waiting: number): Pool {
  const first = islands[0]!;
  const open = (row: IslandRow) => (row.in_service ? row.free : 0);
  const nodes = grouped(islands, (row) => row.node_id).map((rows) => ({
    leaf: rows[0]!.leaf,
    free: sum(rows, open),
    whole: sum(rows, open) === sum(rows, (row) => row.devices),
  }));
  const whole = nodes.filter((node) => node.whole);
  const free = sum(islands, open);
  const leaves = grouped(nodes, (node) => node.leaf);
  return {
    region_id: first.region_id,
    zone_id: first.zone_id,
    accelerator_id: first.model_id,
    nodes: nodes.length,
    accelerators: sum(islands, (row) => row.devices),
    held: sum(islands, (row) => row.held),
    free,
    unhealthy: sum(islands, (row) => row.unhealthy),
    out_of_service: sum(islands, (row) => row.free) - free,
    waiting,
    whole_nodes_free: whole.length,
    largest_free: Math.max(0, ...nodes.map((node) => node.free)),
    fragmentation_ppm:
      free === 0 ? 0 : Math.round((1 - whole.reduce((total, node) => total + node.free, 0) / free) * 1_000_000),
    node_holes: histogram(nodes.map((node) => node.free)),
    island_holes: histogram(islands.map(open)),
    leaf_holes: histogram(leaves.map((of) => of.filter((node) => node.whole).length)),
  };
}
