import { z } from 'zod';
import { idOf, timestamp } from './common';

const reason = z
  .enum(['malformed', 'bad_value', 'bad_digest', 'unknown_lease', 'future', 'late', 'clock_back', 'other_agent'])
  .describe('Why it was not taken in');
const status = z.enum(['held', 'readmitted', 'rejected']);
export const quarantineQuery = z.strictObject({ status: status.default('held') });
export const quarantineDecisionBody = z.strictObject({ reason: z.string().trim().min(3).max(500) });

/** What one agent sent about one lease and was refused for one reason. */
export const quarantinedEvidence = z
  .object({
    id: idOf('quarantine'),
    reason,
    agent_id: z.string(),
    allocation_id: z.string(),
    org_id: z.string().nullable().describe('null: nobody has this lease'),
    organization_name: z.string().nullable(),
    zone_id: z.string(),
    status,
    blocks: z.number().int(),
    first_minute: timestamp.nullable(),
    last_minute: timestamp.nullable(),
    first_received_at: timestamp,
    last_received_at: timestamp,
    can_readmit: z.boolean().describe('false: what is damaged is never billed'),
    takes_two: z.boolean().describe('The lease is billed by utilization, so that money may grow: two operators decide'),
    proposed_by: z.string().nullable().describe('Who asked for it to be taken in; another operator agrees'),
    decided_by: z.string().nullable(),
    decided_at: timestamp.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'QuarantinedEvidence' });

const block = z.object({
  minute: timestamp.nullable(),
  revision: z.number().int().nullable(),
  digest: z.string(),
  received_at: timestamp,
  bytes: z.number().int(),
  bytes_hex: z.string().describe('As it was sent: two bytes a second, in steps of 100 ppm; ffff is no sample'),
});
export const quarantinedDetail = quarantinedEvidence
  .extend({ sample: z.array(block).describe('The first 100 blocks') })
  .meta({ id: 'QuarantinedEvidenceDetail' });

export const readmitted = quarantinedEvidence
  .extend({
    taken_in: z.number().int().describe('Blocks that are evidence now'),
    still_refused: z.number().int().describe('Blocks that still cannot be taken in, and stay'),
  })
  .meta({ id: 'ReadmittedEvidence' });
