import type { Db } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';
import type { Clock } from '@suanxiang/platform/clock';
import type { Logger } from '@suanxiang/platform/logger';

/**
 * Remembers when keys were last used: minute precision, only ever forward, written in batches. Writing it while a key is
 * verified would make every request of a busy key wait for the same row.
 */
export interface KeyUse {
  mark(keyId: string): void;
  /** Writes what is remembered now. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const FLUSH_MS = 10_000;
const MINUTE_MS = 60_000;

/** `auth`: a handle of role app_auth, which may write this one column. */
export function createKeyUse(auth: Db, clock: Clock, logger: Pick<Logger, 'warn'>): KeyUse {
  /** Key id -> minute of its last use, not yet written. */
  let pending = new Map<string, number>();
  /** Minute written last, so that a key in steady use is written once a minute. */
  const written = new Map<string, number>();

  async function flush(): Promise<void> {
    if (pending.size === 0) return;
    const batch = pending;
    pending = new Map();
    try {
      await singleSql(auth)`
        UPDATE api_key k SET last_used_at = u.at
        FROM (SELECT unnest(${[...batch.keys()]}::text[]) AS id,
                     to_timestamp(unnest(${[...batch.values()].map(String)}::bigint[]) * 60) AS at) u
        WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)`;
      for (const [id, minute] of batch) written.set(id, minute);
    } catch (error) {
      // Kept for the next time; losing it on a crash is harmless.
      for (const [id, minute] of batch) pending.set(id, Math.max(minute, pending.get(id) ?? 0));
      logger.warn({ err: error }, 'last use of API keys could not be written');
    }
  }

  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    mark(keyId) {
      const minute = Math.floor(clock.nowMs() / MINUTE_MS);
      if ((written.get(keyId) ?? 0) < minute) pending.set(keyId, minute);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
