import { DriverError, type LogChunk, type LogQuery } from '@suanxiang/hal/driver';
import { pageOfLog } from '@suanxiang/hal/server/log-page';
import { containerName } from '../podman/container-spec';
import { readLogFrames } from '../podman/log-frames';
import { known } from './commands';
import type { NodeContext } from './node';

/** Lines of a boot are told as they come; from then on the container speaks. */
const OVER = ['stopped', 'failed', 'terminated'];

/** Lines of an allocation after a cursor, which is the number of lines before it. */
export async function readLogs(ctx: NodeContext, id: string, query: LogQuery): Promise<LogChunk> {
  const { notes, state, stoppedAtMs, fault, startedAtMs } = known(ctx, id);
  const frames = startedAtMs === null && state !== 'failed' ? null : await ctx.podman.logs(containerName(id));
  const lines = [...notes, ...(frames ? readLogFrames(frames) : [])].map((line) => ({ ...line }));
  if (stoppedAtMs !== null) lines.push({ atMs: stoppedAtMs, text: fault ? `error: ${fault.message}` : 'stopped' });
  // Podman's times are whole seconds and would seem to go back behind ours.
  let latestMs = 0;
  for (const line of lines) {
    line.atMs = Math.max(line.atMs, latestMs);
    latestMs = line.atMs;
  }
  const from = query.cursor == null ? null : Number(query.cursor);
  if (from !== null && (!Number.isInteger(from) || from < 0))
    throw new DriverError('invalid', `log cursor "${query.cursor}" is not valid`);
  return pageOfLog(lines, query, OVER.includes(state));
}
