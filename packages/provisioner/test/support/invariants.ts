import type { Sql } from '@suanxiang/db/sql';
import { nextWorkloadState, type WorkloadEvent, type WorkloadState } from '@suanxiang/domain/workload-state';
import { expect } from 'vitest';

/** What is checked: a database, and what the engine says of an allocation (null: never heard of it). */
export interface Observed {
  sql: Sql;
  machine: (allocationId: string) => Promise<Machine | null>;
}

export interface Machine {
  state: string;
  startedAtMs: number | null;
  stoppedAtMs: number | null;
  /** Billing seconds that it measured, where the engine can be asked; the end is null while it runs. */
  measuredFromS?: number | null;
  measuredToS?: number | null;
}

interface LeaseRow {
  id: string;
  workload_id: string;
  rank: number;
  state: string;
  released: boolean;
  workload_state: WorkloadState;
  busy: boolean;
  start_s: number | null;
  end_s: number | null;
  /** From here on the lease is recorded as undelivered. */
  lost_from_s: number | null;
}

/**
 * What must hold whenever nothing is in the middle of a transaction. Committed overlaps of a device cannot exist (the
 * exclusion constraint), so this checks what is said about devices elsewhere, the leases, the engine, and the history.
 */
export async function checkInvariants(world: Observed): Promise<void> {
  await holdersAgreeWithSpans(world);
  await leasesAreSane(world);
  await engineAgrees(world);
  await historyIsLegal(world);
  await operationsEnd(world);
}

/** No overlap of spans (asked directly, in case the constraint were dropped), and the holders' cache says the same. */
async function holdersAgreeWithSpans(world: Observed): Promise<void> {
  const wrong = await world.sql`
    SELECT d.id, d.held_by, x.allocation_id FROM device d
    LEFT JOIN allocation_device x ON x.device_id = d.id AND upper_inf(x.span)
    WHERE d.held_by IS DISTINCT FROM x.allocation_id`;
  expect(wrong).toEqual([]);
  const overlaps = await world.sql`
    SELECT a.device_id FROM allocation_device a JOIN allocation_device b
      ON a.device_id = b.device_id AND a.allocation_id < b.allocation_id AND a.span && b.span`;
  expect(overlaps).toEqual([]);
}

async function readLeases(world: Observed): Promise<LeaseRow[]> {
  return world.sql<LeaseRow>`
    SELECT a.id, a.workload_id, a.rank, a.state, a.released_at IS NOT NULL AS released, w.state AS workload_state,
      EXISTS (SELECT 1 FROM operation o WHERE o.workload_id = w.id AND o.status IN ('pending', 'running')) AS busy,
      a.start_s::float8 AS start_s, a.end_s::float8 AS end_s,
      (SELECT min(from_s) FROM undelivered u WHERE u.allocation_id = a.id AND u.to_s >= a.end_s)::float8 AS lost_from_s
    FROM allocation a JOIN workload w ON w.id = a.workload_id`;
}

/** A meter runs exactly while its workload does; nothing that has ended keeps devices once nobody works on it. */
async function leasesAreSane(world: Observed): Promise<void> {
  for (const lease of await readLeases(world)) {
    const mayRun = lease.workload_state === 'running' || (lease.busy && lease.workload_state !== 'interrupted');
    if (lease.state === 'running') expect({ ...lease, mayRun }).toMatchObject({ mayRun: true, released: false });
    if (lease.state === 'prepared') expect(lease).toMatchObject({ busy: true, released: false });
    if (lease.end_s !== null) expect(lease.end_s).toBeGreaterThanOrEqual(lease.start_s!);
    const idle = !lease.busy && ['stopped', 'terminated', 'failed'].includes(lease.workload_state);
    if (idle) expect(lease).toMatchObject({ released: true });
  }
}

/**
 * Every machine of the engine belongs to an unreleased allocation (or is on its way out), one per rank; no leased second
 * lies outside the seconds in which the engine delivered.
 */
async function engineAgrees(world: Observed): Promise<void> {
  const leases = await readLeases(world);
  const byId = new Map(leases.map((lease) => [lease.id, lease]));
  const live = new Set<string>();
  for (const { id } of leases) {
    const machine = await world.machine(id);
    if (!machine || machine.state === 'terminated') continue;
    const lease = byId.get(id)!;
    expect({ ...lease, machine: machine.state }).toMatchObject({ released: false });
    const place = `${lease.workload_id}/${lease.rank}`;
    if (machine.state === 'running') {
      expect(live.has(place)).toBe(false);
      live.add(place);
    }
  }
  for (const lease of leases) {
    if (lease.start_s === null) continue;
    const machine = await world.machine(lease.id);
    expect(machine?.startedAtMs).not.toBeNull();
    const [fromS, toS] = deliveredSpan(machine!);
    expect(lease.start_s).toBeGreaterThanOrEqual(fromS);
    const billedToS = lease.lost_from_s ?? lease.end_s;
    if (billedToS !== null && billedToS > lease.start_s) expect(billedToS).toBeLessThanOrEqual(toS);
  }
}

/** The billing seconds that the engine delivered (wall time where it has no test clock). */
function deliveredSpan(machine: Machine): [number, number] {
  if (machine.measuredFromS !== undefined) {
    return [machine.measuredFromS ?? Number.POSITIVE_INFINITY, machine.measuredToS ?? Number.POSITIVE_INFINITY];
  }
  const fromS = Math.floor(machine.startedAtMs! / 1000);
  return [fromS, machine.stoppedAtMs === null ? Number.POSITIVE_INFINITY : Math.ceil(machine.stoppedAtMs / 1000)];
}

/** Every recorded change is one the table allows, and each begins where the one before it ended. */
async function historyIsLegal(world: Observed): Promise<void> {
  const changes = await world.sql<{
    workload_id: string;
    from_state: WorkloadState | null;
    to_state: WorkloadState;
    event: WorkloadEvent;
  }>`SELECT workload_id, from_state, to_state, event FROM state_change ORDER BY workload_id, at, id`;
  const present = new Map<string, WorkloadState>();
  for (const change of changes) {
    if (change.from_state !== null) {
      expect(change.from_state).toBe(present.get(change.workload_id));
      expect(nextWorkloadState(change.from_state, change.event)).toBe(change.to_state);
    }
    present.set(change.workload_id, change.to_state);
  }
  for (const row of await world.sql<{ id: string; state: WorkloadState }>`SELECT id, state FROM workload`) {
    expect(row.state).toBe(present.get(row.id));
  }
}

/** What is over has an end, and nobody holds it (a superseded lease simply runs out). */
async function operationsEnd(world: Observed): Promise<void> {
  const wrong = await world.sql`
    SELECT id, status FROM operation WHERE (status NOT IN ('pending', 'running') AND finished_at IS NULL)
      OR (status IN ('succeeded', 'failed') AND lease_owner IS NOT NULL)`;
  expect(wrong).toEqual([]);
}
