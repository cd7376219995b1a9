import type { Sql } from '@suanxiang/db/sql';
import { DriverError } from '@suanxiang/hal/driver';
import { classify } from '../driver-call';
import { eachAllocation } from '../machines';
import { callContext, driverOf, type Run } from '../run';
import { DONE, type Outcome, TryAgain } from '../step';
import type { WorkAllocation } from '../work';

/**
 * A sandbox's test clock may have moved since the placement: brings the engine and the allocations to the
 * organisation's present offset, so that the meter starts in its present.
 */
export async function alignClocks(sql: Sql, run: Run): Promise<Outcome> {
  const [org] = await sql<{ offset_s: number }>`
    SELECT clock_offset_s::float8 AS offset_s FROM organization WHERE id = ${run.operation.orgId}`;
  const offsetS = org?.offset_s ?? 0;
  return eachAllocation(run, async (allocation) => {
    if (allocation.clockOffsetS === offsetS) return DONE;
    const outcome = await advanceClock(run, allocation, offsetS);
    if (outcome.kind !== 'done') return outcome;
    await sql`
      UPDATE allocation SET clock_offset_s = ${offsetS}::bigint
      WHERE org_id = ${run.operation.orgId} AND id = ${allocation.id} AND state = 'prepared'`;
    allocation.clockOffsetS = offsetS;
    return DONE;
  });
}

/** Tells the engine an allocation's billing time; at an equal offset it changes nothing. */
export async function advanceClock(run: Run, allocation: WorkAllocation, offsetS: number): Promise<Outcome> {
  try {
    await driverOf(run, allocation).advanceClock(
      callContext(run, `clock.${offsetS}`, allocation.id),
      allocation.id,
      offsetS,
    );
    return DONE;
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return classify(error, allocation);
  }
}

/** Holds the organisation's clock still until commit and checks that the allocations agree with it. Throws TryAgain. */
export async function assertClocksAligned(sql: Sql, run: Run): Promise<void> {
  const [org] = await sql<{ offset_s: number }>`
    SELECT clock_offset_s::float8 AS offset_s FROM organization WHERE id = ${run.operation.orgId} FOR SHARE`;
  const ahead = run.work.allocations.some((one) => one.clockOffsetS !== (org?.offset_s ?? 0));
  if (ahead) throw new TryAgain('the test clock moved');
}
