import { z } from 'zod';
import {
  type AllocationSpec,
  type AllocationView,
  type DriverCapabilities,
  type HealthEvent,
  type LiveSample,
  type LogChunk,
  type NodeInventory,
  PROBE_CHECKS,
  type ProbeReport,
  type ScrubEvidence,
} from '../../driver';

/**
 * What travels between the simulated driver and the fleet process: JSON over HTTP on a private port, the fleet's token
 * as bearer. Both sides check what they receive against these schemas. Integers stay below 2^53 by their nature (bytes
 * of one node, milliseconds, sequence numbers).
 */
const id = z.string().min(1).max(128);
const integer = z.int();
const natural = z.int().nonnegative();
const fact = <T extends z.ZodType>(schema: T) => schema.nullable();

/** Largest advance of a test clock: ten years. */
const MAX_OFFSET_S = 315_360_000;
const clockOffsetS = z.int().min(0).max(MAX_OFFSET_S).multipleOf(60);

export const wireContext = z.strictObject({ operationKey: z.string().min(1).max(256), epoch: z.int().min(1) });

export const wireSpec = z.strictObject({
  allocationId: id,
  nodeId: id,
  deviceIds: z.array(id).min(1).max(64),
  name: z.string().max(256),
  image: z.string().max(1_024),
  sshPublicKeys: z.array(z.string().max(16_384)).max(256),
  startupScript: fact(z.string().max(65_536)),
  environment: z.record(z.string().max(256), z.string().max(32_768)),
  files: z
    .array(
      z.strictObject({
        path: z.string().regex(/^\/etc\/suanxiang\/(hostfile|machinefile|ranktable\.json)$/),
        text: z.string().max(262_144),
      }),
    )
    .max(8)
    .optional(),
  clockOffsetS,
}) satisfies z.ZodType<AllocationSpec>;

export const prepareBody = z.strictObject({ context: wireContext, spec: wireSpec });
export const commandBody = z.strictObject({ context: wireContext });
export const clockBody = z.strictObject({ context: wireContext, clockOffsetS });
export const acknowledgeBody = z.strictObject({ uptoSeq: natural });
export const liveBody = z.strictObject({ allocationIds: z.array(id).max(2_000), sinceS: integer });

/** Query of every list: `after` is exclusive, an id or a sequence number. */
export const pageQuery = z.object({
  after: z.string().max(128).default(''),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
});
export const seqQuery = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
});
export const logQuery = z.object({
  cursor: z.string().max(64).optional(),
  tail: z.coerce.number().int().min(1).max(100_000).optional(),
  since: z.coerce.number().int().nonnegative().optional(),
});

export const wireCapabilities = z.object({
  exec: z.boolean(),
  logs: z.boolean(),
  testClock: z.boolean(),
  scrub: z.boolean(),
  // Engines of before say nothing, and check nothing.
  probe: z.boolean().default(false),
}) satisfies z.ZodType<DriverCapabilities>;

const wireDevice = z.object({
  deviceId: id,
  index: natural,
  modelId: id,
  uuid: z.string(),
  pci: z.string(),
  memoryBytes: natural,
  island: natural,
  health: z.enum(['ok', 'degraded', 'failed', 'unknown']),
});
export const wireNode = z.object({
  nodeId: id,
  name: z.string(),
  region: id,
  zone: id,
  spine: z.string(),
  leaf: z.string(),
  rack: z.string(),
  vcpus: natural,
  memoryBytes: natural,
  driverVersion: z.string(),
  runtimeVersion: z.string(),
  schedulable: z.boolean(),
  devices: z.array(wireDevice),
}) satisfies z.ZodType<NodeInventory>;

export const wireView = z.object({
  allocationId: id,
  nodeId: z.string(),
  deviceIds: z.array(id),
  state: z.enum(['prepared', 'starting', 'running', 'stopping', 'stopped', 'failed', 'terminated']),
  epoch: natural,
  phase: fact(z.string()),
  startedAtMs: fact(integer),
  stoppedAtMs: fact(integer),
  ssh: fact(z.object({ host: z.string(), port: z.int().min(1).max(65_535), user: z.string() })),
  fault: fact(
    z.object({
      kind: z.string(),
      message: z.string(),
      vendorCode: fact(z.string()),
      deviceId: fact(z.string()),
    }),
  ),
}) satisfies z.ZodType<AllocationView>;

export const nodePage = z.object({ items: z.array(wireNode), next: fact(z.string()) });
export const viewPage = z.object({ items: z.array(wireView), next: fact(z.string()) });
export const viewAnswer = z.object({ allocation: fact(wireView) });

/** A usage block with its 120 bytes in base64. */
export const wireBlock = z.object({
  seq: natural,
  allocationId: id,
  winStartS: integer,
  rev: natural,
  bytes: z.base64(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  agentId: z.string(),
});
export type WireBlock = z.infer<typeof wireBlock>;
export const blockPage = z.object({ items: z.array(wireBlock) });

export const healthPage = z.object({
  items: z.array(
    z.object({
      seq: natural,
      atMs: integer,
      kind: z.enum([
        'device_fault',
        'device_warning',
        'device_recovered',
        'host_lost',
        'host_recovered',
        'workload_exited',
        'clock_skew',
      ]),
      nodeId: id,
      deviceId: fact(id),
      allocationId: fact(id),
      vendorCode: fact(z.string()),
      message: z.string(),
    }) satisfies z.ZodType<HealthEvent>,
  ),
});

export const livePage = z.object({
  items: z.array(
    z.object({
      allocationId: id,
      atS: integer,
      utilizationPpm: fact(natural),
      memoryUsedBytes: fact(natural),
      powerMilliwatt: fact(natural),
      temperatureMilliCelsius: fact(integer),
      devicesPpm: z.array(fact(natural)),
    }) satisfies z.ZodType<LiveSample>,
  ),
});

export const wireLogs = z.object({
  lines: z.array(z.object({ atMs: integer, text: z.string() })),
  nextCursor: fact(z.string()),
}) satisfies z.ZodType<LogChunk>;

export const wireScrub = z.object({
  deviceId: id,
  atMs: integer,
  method: z.string(),
  verified: z.boolean(),
}) satisfies z.ZodType<ScrubEvidence>;

export const wireProbe = z.object({
  clockMs: integer,
  findings: z.array(
    z.object({
      check: z.enum(PROBE_CHECKS),
      deviceId: fact(id),
      passed: fact(z.boolean()),
      code: fact(z.string()),
      detail: z.string(),
    }),
  ),
}) satisfies z.ZodType<ProbeReport>;

export const wireError = z.object({
  error: z.object({
    code: z.enum(['capacity', 'conflict', 'invalid', 'transient', 'lost', 'unsupported', 'fenced']),
    message: z.string(),
    vendorCode: fact(z.string()),
  }),
});

export const nothing = z.strictObject({});
