import type { Deprecation, Route } from '@suanxiang/contract/route';
import type { Db } from '@suanxiang/db/client';
import { withOrgSql } from '@suanxiang/db/tenant';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';

/**
 * Counts who still calls operations that are going, so that their owners find them before the end. Written in batches: a
 * call waits for nothing, and a crash loses seconds of a count.
 */
export interface DeprecatedCalls {
  note(route: Pick<Route, 'operationId' | 'deprecation'>, caller: { orgId: string; actor: string }): void;
  /** Writes what was counted until now. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Count extends Deprecation {
  actor: string;
  operationId: string;
  calls: number;
  firstMs: number;
  lastMs: number;
}

const FLUSH_MS = 10_000;

async function write(api: Db, orgId: string, counts: readonly Count[]): Promise<void> {
  await withOrgSql(api, orgId, async (sql) => {
    // In one order everywhere, so that two processes never wait for each other.
    const ordered = [...counts].sort((a, b) =>
      `${a.actor} ${a.operationId}` < `${b.actor} ${b.operationId}` ? -1 : 1,
    );
    for (const one of ordered) {
      await sql`
        INSERT INTO deprecated_call AS d (org_id, actor, operation_id, since, sunset, successor, calls, first_used_at, last_used_at)
        VALUES (${orgId}, ${one.actor}, ${one.operationId}, ${one.since}::date, ${one.sunset}::date, ${one.successor}, ${one.calls},
          to_timestamp(${one.firstMs}::float8 / 1000), to_timestamp(${one.lastMs}::float8 / 1000))
        ON CONFLICT (org_id, actor, operation_id) DO UPDATE SET since = excluded.since, sunset = excluded.sunset,
          successor = excluded.successor, calls = d.calls + excluded.calls,
          last_used_at = greatest(d.last_used_at, excluded.last_used_at)`;
    }
  });
}

/** `api`: a handle of role app_api. */
export function createDeprecatedCalls(api: Db, clock: Clock, logger: Pick<Logger, 'warn'>): DeprecatedCalls {
  /** By organisation, then by caller and operation. */
  let pending = new Map<string, Map<string, Count>>();

  function add(orgId: string, count: Count): void {
    const ofOrg = pending.get(orgId) ?? new Map<string, Count>();
    pending.set(orgId, ofOrg);
    const key = `${count.actor} ${count.operationId}`;
    const before = ofOrg.get(key);
    const calls = count.calls + (before?.calls ?? 0);
    const firstMs = Math.min(count.firstMs, before?.firstMs ?? count.firstMs);
    ofOrg.set(key, { ...count, calls, firstMs, lastMs: Math.max(count.lastMs, before?.lastMs ?? 0) });
  }

  async function flush(): Promise<void> {
    const batch = pending;
    pending = new Map();
    for (const [orgId, counts] of batch) {
      try {
        await write(api, orgId, [...counts.values()]);
      } catch (error) {
        for (const count of counts.values()) add(orgId, count);
        logger.warn({ err: error }, 'calls of operations that are going could not be counted');
      }
    }
  }

  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    note({ operationId, deprecation }, { orgId, actor }) {
      if (!deprecation) return;
      const nowMs = clock.nowMs();
      add(orgId, { ...deprecation, actor, operationId, calls: 1, firstMs: nowMs, lastMs: nowMs });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
