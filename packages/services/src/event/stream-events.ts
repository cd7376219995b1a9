import { withOrgSql } from '@suanxiang/db/tenant';
import type { CallMeta, Principal, StreamMeta } from '../access/principal';
import type { AppContext } from '../context';
import { ProblemError } from '../problem';
import type { UseCase } from '../use-case';
import { type EventFilter, type EventPosition, endOfEvents, eventAnswer, readEvents } from './read-events';

const BATCH = 100;
/** How long a quiet stream waits for the bell before it looks by itself. */
const LOOK_MS = 1_000;
/** How often the caller's right to listen is looked at again: with the three seconds that keys stay in memory, under five. */
const RECHECK_MS = 1_500;
const HEARTBEAT_MS = 15_000;
/** Streams of one caller and of one organisation on this server. */
const MOST_OF_CALLER = 20;
const MOST_OF_ORGANIZATION = 200;

const open = new WeakMap<AppContext, Map<string, number>>();

/** Counts a stream; the answer takes it off again. Throws `rate_limited` when there are too many. */
function enter(ctx: AppContext, { orgId, actor }: Principal): () => void {
  const counts = open.get(ctx) ?? new Map<string, number>();
  open.set(ctx, counts);
  const wanted: [string, number][] = [
    [`${orgId}/${actor}`, MOST_OF_CALLER],
    [orgId, MOST_OF_ORGANIZATION],
  ];
  for (const [key, most] of wanted) {
    if ((counts.get(key) ?? 0) < most) continue;
    throw new ProblemError('rate_limited', `At most ${most} streams may be open here at a time.`, {
      retryAfterS: 5,
      suggestion: 'Close a stream that is no longer read, or share one.',
    });
  }
  for (const [key] of wanted) counts.set(key, (counts.get(key) ?? 0) + 1);
  return () => {
    for (const [key] of wanted) {
      const left = (counts.get(key) ?? 1) - 1;
      if (left === 0) counts.delete(key);
      else counts.set(key, left);
    }
  };
}

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
  yield 'retry: 2000\n: hello\n\n';
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
      yield ': still here\n\n';
      spokenMs = clock.nowMs();
    }
    if (rows.length < BATCH) await ctx.eventBell.wait(LOOK_MS, stream.signal);
  }
}

function streamOf(meta: CallMeta): StreamMeta {
  if (!meta.stream) throw new Error('a stream was asked for where none can be sent');
  return meta.stream;
}

/**
 * Events as they are committed, as server-sent events. PostgreSQL is the truth and the bell only a hint: a stream that
 * misses a ring is at most a second late. Ends when the caller may no longer listen, and after `max_seconds`.
 */
export const streamEvents: UseCase<'streamEvents'> = async (ctx, principal, meta, { query }) => {
  const stream = streamOf(meta);
  const at = await beginningOf(ctx, principal, stream.lastEventId);
  const leave = enter(ctx, principal);
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
