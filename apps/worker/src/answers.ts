import { ingestBlocks } from '@suanxiang/metering/ingest/ingest-blocks';
import { finalizeDuePeriods } from '@suanxiang/metering/invoices/finalize';
import { applyTestClock } from '@suanxiang/provisioner/apply-test-clock';
import type { Provisioner } from '@suanxiang/provisioner/context';
import { driveOperation } from '@suanxiang/provisioner/drive-operation';
import { placementRound } from '@suanxiang/provisioner/placement-round';
import { answerWhatIf } from '@suanxiang/provisioner/queue/answer-what-if';
import { coalesce } from './coalesce';
import type { Answer, Answerer } from './doorbells';

const OVER: Answer = { kind: 'over' };
const LOOK_AGAIN: Answer = { kind: 'again', afterMs: 100 };
const CLOCK = 'clock:';

/** Closes what is due, with mails that link to the console at `webUrl`, and says what could not be closed. */
export async function closePeriods(ctx: Provisioner, webUrl: string, orgId?: string): Promise<void> {
  const only = orgId ? { orgId } : {};
  const { finalized, failed } = await finalizeDuePeriods(ctx.db, ctx.clock.nowMs(), { webUrl, ...only });
  if (finalized.length > 0) ctx.logger.info({ finalized }, 'billing periods closed');
  for (const one of failed) ctx.logger.error({ err: one.error, orgId: one.orgId }, 'a billing period did not close');
}

/** Which verb answers which doorbell. */
export function createAnswerer(ctx: Provisioner, webUrl: string): Answerer {
  const place = coalesce((where) => placementRound(ctx, where));
  return async ({ topic, key }) => {
    switch (topic) {
      case 'operation':
        return driveOperation(ctx, key);
      case 'placement':
        return (await place(key)).again ? LOOK_AGAIN : OVER;
      case 'what_if':
        await answerWhatIf(ctx, key);
        return OVER;
      case 'billing': {
        const isClock = key.startsWith(CLOCK);
        const orgId = isClock ? key.slice(CLOCK.length) : key;
        if (isClock) await applyTestClock(ctx, orgId, ingestBlocks);
        await closePeriods(ctx, webUrl, orgId);
        return OVER;
      }
    }
  };
}
