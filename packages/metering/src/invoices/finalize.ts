import type { Db } from '@suanxiang/db/client';
import { withSql } from '@suanxiang/db/tenant';
import { cutAtCaps } from '../caps/cut-at-caps';
import { takeCutoff } from '../ingest/cutoff';
import { type BillingPolicy, defaultPolicy } from '../policy';
import { noteHours } from '../usage/usage-hours';
import { attemptClosing } from './attempts';
import { type FinalizedPeriod, type FinalizeOptions, finalizePeriods, type PeriodKey } from './closing';
import { type DuePeriods, duePeriods, openMissingPeriods, orgAt } from './due-periods';

/** Transactions side by side: one waits for the disk while another is rated. */
const LANES = 2;

/** Organisations closed in one transaction: what they have in common is read, written and made durable once for all of them. */
const ORGS_TOGETHER = 25;

export interface FinalizeResult {
  finalized: FinalizedPeriod[];
  /** Periods that could not be closed; the others were. They are due again next time. */
  failed: (PeriodKey & { error: unknown })[];
}

/** Due organisations in groups to be closed together: of one company that invoices them, large ones alone. */
function groupsOf(due: readonly DuePeriods[]): DuePeriods[][] {
  const groups: DuePeriods[][] = [];
  const open = new Map<string, DuePeriods[]>();
  for (const org of due) {
    const group = open.get(org.legalEntityId);
    if (org.large) groups.push([org]);
    else if (group && group.length < ORGS_TOGETHER) group.push(org);
    else {
      const fresh = [org];
      groups.push(fresh);
      open.set(org.legalEntityId, fresh);
    }
  }
  return groups;
}

/** Closes periods together. Where that fails, one by one, so that one that cannot be closed holds up nobody else. */
async function closeTogether(
  db: Db,
  keys: readonly PeriodKey[],
  options: FinalizeOptions,
  result: FinalizeResult,
): Promise<void> {
  try {
    result.finalized.push(...(await attemptClosing(db, keys, (sql) => finalizePeriods(sql, keys, options))));
  } catch (error) {
    if (keys.length === 1) result.failed.push({ ...keys[0]!, error });
    else for (const key of keys) await closeTogether(db, [key], options, result);
  }
}

/** Closes what is due of a group of organisations: the first period of each, then the second. */
async function closeGroup(
  db: Db,
  group: readonly DuePeriods[],
  options: FinalizeOptions,
  result: FinalizeResult,
): Promise<void> {
  const { nowMs } = options;
  const nowS = Math.floor(nowMs / 1000);
  const stopped = new Set<string>();
  const most = Math.max(...group.map(({ fromS }) => fromS.length));
  for (let nth = 0; nth < most; nth += 1) {
    const keys: PeriodKey[] = [];
    for (const { orgId, fromS, capped } of group) {
      if (nth >= fromS.length || stopped.has(orgId)) continue;
      const key = { orgId, fromS: fromS[nth]! };
      try {
        if (capped) await withSql(db, async (sql) => cutAtCaps(sql, await orgAt(sql, orgId, nowS), nowMs));
        keys.push(key);
      } catch (error) {
        stopped.add(orgId);
        result.failed.push({ ...key, error });
      }
    }
    if (keys.length > 0) await closeTogether(db, keys, options, result);
  }
}

/**
 * Opens the periods that have begun and closes every one that is due: its end plus grace has passed on the wall clock plus
 * the organisation's applied test clock. Each period happens once, however many processes call this at the same time; a few
 * organisations share a transaction. `orgId` limits it to one organisation. Role app_worker.
 */
export async function finalizeDuePeriods(
  db: Db,
  nowMs: number,
  options: { orgId?: string; policy?: BillingPolicy; webUrl?: string } = {},
): Promise<FinalizeResult> {
  const { orgId = null, policy = defaultPolicy, webUrl } = options;
  const nowS = Math.floor(nowMs / 1000);
  await openMissingPeriods(db, nowS, orgId);
  const result: FinalizeResult = { finalized: [], failed: [] };
  for (let after = ''; ; ) {
    const due = await duePeriods(db, nowS, after, orgId, policy);
    if (due.length === 0) return result;
    after = due.at(-1)!.orgId;
    // Read after the due periods: usage that made a test clock count as applied lies before this cutoff.
    const batchSeq = await takeCutoff(db);
    await noteHours(db, batchSeq);
    const groups = groupsOf(due);
    const lane = async () => {
      for (let group = groups.shift(); group; group = groups.shift()) {
        await closeGroup(db, group, { nowMs, batchSeq, policy, webUrl }, result);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }
}
