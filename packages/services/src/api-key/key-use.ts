import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';
import { prefixOf } from '../access/networks';
import type { CallMeta } from '../access/principal';

/**
 * Remembers when keys were last used: minute precision, only ever forward, written in batches. Writing it while a key is
 * verified would make every request of a busy key wait for the same row.
 */
export interface KeyUse {
  mark(keyId: string, from: Pick<CallMeta, 'ip' | 'userAgent'>): void;
  /** Writes what is remembered now. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 10_000;
const MINUTE_MS = 60_000;
const LONGEST_AGENT = 200;

interface Use {
  minute: number;
  ipPrefix: string;
  agent: string;
}

/** `auth`: a handle of role app_auth, which may write this one column. */
export function createKeyUse(auth: Db, clock: Clock, logger: Pick<Logger, 'warn'>): KeyUse {
  /** Key id -> its last use, not yet written. */
  let pending = new Map<string, Use>();
  /** Minute written last, so that a key in steady use is written once a minute. */
  const written = new Map<string, number>();

  async function flush(): Promise<void> {
    if (pending.size === 0) return;
    const batch = pending;
    pending = new Map();
    const uses = [...batch.values()];
    try {
      await singleSql(auth)`
        UPDATE api_key k SET last_used_at = u.at, last_used_ip_prefix = u.ip_prefix, last_used_agent = nullif(u.agent, '')
        FROM (SELECT unnest(${[...batch.keys()]}::text[]) AS id,
                     to_timestamp(unnest(${uses.map(({ minute }) => String(minute))}::bigint[]) * 60) AS at,
                     unnest(${uses.map(({ ipPrefix }) => ipPrefix)}::text[]) AS ip_prefix,
                     unnest(${uses.map(({ agent }) => agent)}::text[]) AS agent) u
        WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)`;
      for (const [id, { minute }] of batch) written.set(id, minute);
    } catch (error) {
      // Kept for the next time; losing it on a crash is harmless.
      for (const [id, use] of batch) if (!pending.has(id)) pending.set(id, use);
      logger.warn({ err: error }, 'last use of API keys could not be written');
    }
  }

  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    mark(keyId, { ip, userAgent }) {
      const minute = Math.floor(clock.nowMs() / MINUTE_MS);
      if ((written.get(keyId) ?? 0) >= minute) return;
      pending.set(keyId, { minute, ipPrefix: prefixOf(ip), agent: (userAgent ?? '').slice(0, LONGEST_AGENT) });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
