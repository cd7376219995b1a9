import { findAccelerator } from '@suanxiang/domain/accelerators';
import { ConfigError } from '@suanxiang/platform/config-error';
import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const pool = z.strictObject({
  model: z.string().refine((id) => findAccelerator(id) !== null, 'is not in the accelerator catalogue'),
  nodes: z.int().min(1).max(20_000),
});

const fleetSpec = z.strictObject({
  /** Everything that looks random follows from it. */
  seed: z.int().min(0).max(0xffffffff),
  nodesPerRack: z.int().min(1).max(64).default(4),
  racksPerLeaf: z.int().min(1).max(64).default(2),
  leavesPerSpine: z.int().min(1).max(64).default(4),
  acceleratorsPerNode: z.int().min(1).max(16).default(8),
  regions: z
    .array(
      z.strictObject({
        id: name,
        name: z.strictObject({ en: z.string().min(1), zh: z.string().min(1) }),
        zones: z.array(z.strictObject({ id: name, pools: z.array(pool).min(1) })).min(1),
      }),
    )
    .min(1),
});

/** What a fleet is generated from: which models stand where, and how nodes are cabled. */
export type FleetSpec = z.infer<typeof fleetSpec>;

/** Checks a fleet's data file. Throws ConfigError that names the place. */
export function parseFleetSpec(value: unknown, source: string): FleetSpec {
  const parsed = fleetSpec.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${source}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not a fleet'}.`);
  }
  const zones = parsed.data.regions.flatMap((region) => region.zones.map((zone) => zone.id));
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice) throw new ConfigError(`${source}: zone "${twice}" appears twice.`);
  return parsed.data;
}
