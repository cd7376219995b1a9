import type { evidenceBlock } from '@suanxiang/contract/schemas/billing';
import type { EvidenceBlock } from '@suanxiang/metering/invoices/evidence';
import type { z } from 'zod';

/** A usage block as the API shows it, with all 60 values. */
export function blockAnswer(block: EvidenceBlock): z.input<typeof evidenceBlock> {
  return {
    allocation_id: block.allocationId,
    win_start_s: block.winStartS,
    rev: block.rev,
    measured: block.measured,
    average_ppm: block.averagePpm,
    digest: block.digest,
    agent_id: block.agentId,
    received_at: block.receivedAt.toISOString(),
    values_ppm: block.valuesPpm,
  };
}
