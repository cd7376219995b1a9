import type { evidenceBlock } from '@suanxiang/contract/schemas/billing';
import type { EvidencePage } from '@suanxiang/metering/invoices/evidence';
import type { z } from 'zod';
import { type CursorScope, readCursor, writeCursor } from '../access/cursor';
import type { AppContext } from '../context';
import { notFound } from '../problem';

interface EvidenceAnswer {
  items: z.input<typeof evidenceBlock>[];
  next_cursor: string | null;
}

/**
 * One page of usage blocks as the API shows it. `read` gets the place to go on from and answers null for what the caller
 * may not see. Throws `not_found`, `invalid_cursor`.
 */
export async function evidenceAnswer(
  ctx: Pick<AppContext, 'secrets'>,
  scope: CursorScope,
  query: { limit: number; cursor?: string | undefined },
  read: (page: { after: string | null; limit: number }) => Promise<EvidencePage | null>,
): Promise<EvidenceAnswer> {
  const position = readCursor(ctx.secrets.cursorKey, scope, query.cursor, 1);
  const page = await read({ after: position?.[0] ?? null, limit: query.limit });
  if (!page) throw notFound();
  return {
    items: page.blocks.map((block) => ({
      allocation_id: block.allocationId,
      win_start_s: block.winStartS,
      rev: block.rev,
      measured: block.measured,
      average_ppm: block.averagePpm,
      digest: block.digest,
      agent_id: block.agentId,
      received_at: block.receivedAt.toISOString(),
      values_ppm: block.valuesPpm,
    })),
    next_cursor: page.next === null ? null : writeCursor(ctx.secrets.cursorKey, scope, [page.next]),
  };
}
