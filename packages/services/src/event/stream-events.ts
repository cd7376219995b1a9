import { withOrgSql } from '@suanxiang/db/tenant';
import { enterStream, HEARTBEAT_MS, HELLO, RECHECK_MS, STILL_HERE, streamOf } from '../access/open-streams';
import type { Principal, StreamMeta } from '../access/principal';
import type { AppContext } from '../context';
import { ProblemError } from '../problem';
import type { UseCase } from '../use-case';
import { type EventFilter, type EventPosition, endOfEvents, eventAnswer, readEvents } from './read-events';

const BATCH = 100;
/** How long a quiet stream waits for the bell before it looks by itself. */
const LOOK_MS = 1_000;
/** Where a stream begins: after the event last seen, or at what comes next. Throws `invalid_cursor`. */
function beginningOf(ctx: AppContext, { orgId }: Principal, lastEventId: string | null): Promise<EventPosition> {
  return withOrgSql(ctx.api, orgId, async (sql) => {
    if (lastEventId === null) return endOfEvents(sql);
    const [row] = await sql<EventPosition>`
      SELECT txid::text, seq::text FROM event WHERE org_id = ${orgId} AND id = ${lastEventId}`;
    if (row) return row;
    throw new ProblemError('invalid_cursor', 'Last-Event-ID names no event of the last 30 days in this organization.', {
      suggestion: 'Read the present state of what you follow, then open the stream without Last-Event-ID.',
    });
  });
}

interface StreamState {
  principal: Principal;
  at: EventPosition;
  filter: EventFilter;
}

async function* chunksOf(ctx: AppContext, state: StreamState, stream: StreamMeta, endMs: number) {
  const { clock } = ctx;
  let checkedMs = clock.nowMs();
  let spokenMs = checkedMs;
  yield HELLO;
  while (!stream.signal.aborted && clock.nowMs() < endMs) {
    if (clock.nowMs() - checkedMs >= RECHECK_MS) {
      state.principal = await stream.again();
      checkedMs = clock.nowMs();
    }
    const { principal, filter } = state;
    const rows = await withOrgSql(ctx.api, principal.orgId, (sql) =>
      readEvents(sql, principal, filter, state.at, true, BATCH),
    );
    for (const row of rows) {
      state.at = row;
      yield `id: ${row.id}\nevent: ${row.type}\ndata: ${JSON.stringify(eventAnswer(row))}\n\n`;
    }
    if (rows.length > 0) spokenMs = clock.nowMs();
    if (clock.nowMs() - spokenMs >= HEARTBEAT_MS) {
      yield STILL_HERE;
      spokenMs = clock.nowMs();
    }
    if (rows.length < BATCH) await ctx.eventBell.wait(LOOK_MS, stream.signal);
  }
}

/**
 * Events as they are committed, as server-sent events. PostgreSQL is the truth and the bell only a hint: a stream that
 * misses a ring is at most a second late. Ends when the caller may no longer listen, and after `max_seconds`.
 */
export const streamEvents: UseCase<'streamEvents'> = async (ctx, principal, meta, { query }) => {
  const stream = streamOf(meta);
  const at = await beginningOf(ctx, principal, stream.lastEventId);
  const leave = enterStream(ctx, principal);
  const state: StreamState = { principal, at, filter: { type: query.type } };
  async function* counted() {
    try {
      yield* chunksOf(ctx, state, stream, ctx.clock.nowMs() + query.max_seconds * 1000);
    } catch (error) {
      // A caller who may no longer listen is told nothing more; a stream has no status to say it with.
      if (!(error instanceof ProblemError)) throw error;
    } finally {
      leave();
    }
  }
  return { chunks: counted() };
};
