import { listen } from '@suanxiang/db/listen';
import type { OutboxTopic } from '@suanxiang/db/outbox';
import { withSql } from '@suanxiang/db/tenant';
import type { Provisioner } from './context';

export interface Doorbell {
  topic: OutboxTopic;
  key: string;
}

/** Puts doorbells into the queue; rejects when they may not have arrived. */
export type Ringer = (bells: Doorbell[]) => Promise<void>;

const BATCH = 500;
const RING_TIMEOUT_MS = 2_000;
const POLL_MS = 1_000;

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the queue did not answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function distinct(bells: readonly Doorbell[]): Doorbell[] {
  return [...new Map(bells.map((bell) => [`${bell.topic} ${bell.key}`, bell])).values()];
}

/**
 * Carries one batch of unsent doorbells to the queue. Rows are claimed by being unsent and skipped while another relay
 * has them; they count as sent only after the queue has taken them, so each rings at least once. Returns the batch size.
 */
export async function relayOnce(ctx: Provisioner, ringer: Ringer): Promise<number> {
  return withSql(ctx.db, async (sql) => {
    const rows = await sql<{ id: string; topic: OutboxTopic; key: string }>`
      SELECT id::text AS id, topic, key FROM outbox WHERE sent_at IS NULL ORDER BY outbox.id LIMIT ${BATCH}
      FOR UPDATE SKIP LOCKED`;
    if (rows.length === 0) return 0;
    await within(ringer(distinct(rows.map(({ topic, key }) => ({ topic, key })))), RING_TIMEOUT_MS);
    // Forgotten in a crash of the server, it rings once more: not worth waiting for the disk.
    await sql`
      WITH sent AS (
        UPDATE outbox SET sent_at = clock_timestamp() WHERE id = ANY (${rows.map((row) => row.id)}::bigint[]) RETURNING 1)
      SELECT count(*)::int AS sent, set_config('synchronous_commit', 'off', true) FROM sent`;
    return rows.length;
  });
}

export interface Relay {
  /** Stops after the batch in hand. */
  close(): Promise<void>;
}

/** Relays whenever something was committed to the outbox, and every second in case a bell was missed. */
export function startRelay(ctx: Provisioner, options: { listenUrl: string; ringer: Ringer }): Relay {
  let closing = false;
  let wake: () => void = () => {};
  let rung = true;
  const listener = listen({
    url: options.listenUrl,
    applicationName: 'suanxiang-relay',
    channel: 'outbox',
    onBell: () => {
      rung = true;
      wake();
    },
    onLost: (error) => ctx.logger.warn({ err: error.message }, 'outbox bell lost, polling'),
  });

  function rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (rung || closing) wake();
    });
  }

  async function loop(): Promise<void> {
    while (!closing) {
      rung = false;
      try {
        while (!closing && (await relayOnce(ctx, options.ringer)) === BATCH);
        await rest();
      } catch (error) {
        ctx.logger.warn({ err: (error as Error).message }, 'outbox relay failed, will try again');
        rung = false;
        await rest();
      }
    }
  }

  const running = loop();
  return {
    async close() {
      closing = true;
      wake();
      await running;
      await listener.close();
    },
  };
}
