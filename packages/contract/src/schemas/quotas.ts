import { PROJECT_QUOTA_METRICS, QUOTA_METRICS } from '@suanxiang/domain/quota-metrics';
import { z } from 'zod';
import { idOf, timestamp } from './common';

export const quota = z
  .object({
    project_id: idOf('project').nullable().describe("null: the organization's; else a project's own limit inside it"),
    metric: z.string(),
    limit: z.number().int(),
    used: z.number().int(),
  })
  .meta({ id: 'Quota' });
const most = z.number().int().min(0).max(1_000_000);
export const setProjectQuotaBody = z.strictObject({
  metric: z.enum(PROJECT_QUOTA_METRICS as [string, ...string[]]),
  limit: most.nullable().describe('null: as much as the organization has'),
});

export const QUOTA_REQUEST_STATUSES = ['pending', 'awaiting_second', 'approved', 'denied', 'withdrawn'] as const;
export const quotaRequest = z
  .object({
    id: idOf('quotaRequest'),
    metric: z.string(),
    limit_before: z.number().int(),
    wanted: z.number().int(),
    granted: z.number().int().nullable(),
    reason: z.string(),
    status: z.enum(QUOTA_REQUEST_STATUSES).describe('awaiting_second: a raise of this size takes two operators'),
    requested_by: z.string(),
    answer: z.string().nullable().describe('What the operator says to it'),
    created_at: timestamp,
    decided_at: timestamp.nullable(),
  })
  .meta({ id: 'QuotaRequest' });
const words = z.string().trim().min(1).max(1000);
export const createQuotaRequestBody = z.strictObject({
  metric: z.enum(QUOTA_METRICS as [string, ...string[]]),
  wanted: most.min(1).describe('The limit that is wanted, not what is to be added'),
  reason: words,
});

export const operatorQuotaRequest = quotaRequest
  .extend({
    org_id: idOf('organization'),
    organization_name: z.string(),
    used: z.number().int(),
    needs_second: z.boolean(),
    first_approved_by: z.string().nullable(),
    decided_by: z.string().nullable(),
  })
  .meta({ id: 'OperatorQuotaRequest' });
export const operatorQuotaRequestsQuery = z.strictObject({
  status: z.enum(['open', 'decided']).default('open'),
});
export const approveQuotaBody = z.strictObject({
  granted: most.optional().describe('Default: what is wanted. The second operator grants what the first one did'),
  answer: words.optional(),
});
export const denyQuotaBody = z.strictObject({ reason: words });
