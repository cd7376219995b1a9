import type { AppContext } from '../context';
import { ProblemError } from '../problem';
import type { CallMeta, Principal, StreamMeta } from './principal';

/** How often the caller's right to listen is looked at again: with the three seconds that keys stay in memory, under five. */
export const RECHECK_MS = 1_500;
/** How long a stream says nothing before it says that it is still there. */
export const HEARTBEAT_MS = 15_000;
/** What every stream begins with: when to come back, and that it is open. */
export const HELLO = 'retry: 2000\n: hello\n\n';
export const STILL_HERE = ': still here\n\n';
/** Streams of one caller and of one organisation on this server. */
const MOST_OF_CALLER = 20;
const MOST_OF_ORGANIZATION = 200;

const open = new WeakMap<AppContext, Map<string, number>>();

/** Counts a stream; the answer takes it off again. Throws `rate_limited` when there are too many. */
export function enterStream(ctx: AppContext, { orgId, actor }: Principal): () => void {
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

/** What the connection of a stream offers. */
export function streamOf(meta: CallMeta): StreamMeta {
  if (!meta.stream) throw new Error('a stream was asked for where none can be sent');
  return meta.stream;
}
