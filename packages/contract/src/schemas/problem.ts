import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';
import { z } from 'zod';
import { idOf, money } from './common';
import { alternative, verdict } from './verdict';

/** Where a problem lies: a place of the request and what is wrong with it. */
const fieldError = z.object({
  pointer: z.string().describe('JSON pointer (RFC 6901) that begins with /body, /query, /path or /header'),
  code: z.string(),
  detail: z.string(),
});
const errorCode = z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]);

/** Members of single codes. */
const members = z
  .object({
    required_permission: z.string().describe('permission_denied: what is missing'),
    missing_permissions: z.array(z.string()).describe('permission_denied: all that one would give and does not have'),
    reason: z.string().describe('conflict, gone, permission_denied: which of its causes; for programs'),
    state: z.string().describe('conflict: the state that is in the way'),
    allowed_states: z.array(z.string()).describe('conflict: states in which it would be possible'),
    blockers: z
      .array(
        z.union([z.string(), z.object({ kind: z.string(), detail: z.string(), ids: z.array(z.string()).max(20) })]),
      )
      .describe('conflict: what has to go first'),
    existing_id: z.string().describe('conflict: the resource that has it already'),
    replaced_by: z.string().nullable().describe('conflict: the key that took its place'),
    drain_id: z.string().describe('conflict: the drain that holds the node'),
    workload_ids: z.array(z.string()).describe('test_clock_busy: what is under way'),
    current_etag: z.string().describe('precondition_failed: the tag that holds now'),
    max_age_seconds: z.number().int().describe('reauthentication_required: how old a proof may be'),
    ticket: z.string().describe('second_factor_required: names this sign-in to POST /v1/auth/complete-sign-in'),
    methods: z.array(z.string()).describe('second_factor_required: what one may show'),
    passkey_options: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('second_factor_required: options for navigator.credentials.get'),
    expires_in: z.number().int().describe('second_factor_required: seconds that the ticket lives'),
    metric: z.string().describe('quota_exceeded: which quota'),
    project_id: idOf('project').nullable().describe('quota_exceeded: whose; null: of the whole organization'),
    limit: z.number().int().describe('quota_exceeded'),
    used: z.number().int().describe('quota_exceeded'),
    requested: z
      .union([
        z.number().int(),
        z.object({
          region_id: z.string(),
          accelerator_id: z.string(),
          node_count: z.number().int(),
          gpus_per_node: z.number().int(),
        }),
      ])
      .describe('quota_exceeded: how many more; capacity_unavailable: what was asked for'),
    needed: money.describe('payment_required: one hour of everything that would then run'),
    available: money.describe('payment_required'),
    missing: money.describe('payment_required: what to add at least'),
    top_up: z.object({ method: z.string(), path: z.string() }).describe('payment_required: how to add it'),
    budget_id: idOf('budget').describe('spend_cap_reached: which cap'),
    amount: money.describe('spend_cap_reached: the cap'),
    spent: money.describe('spend_cap_reached'),
    reserve: money.describe('spend_cap_reached: what must be left under it'),
    free: z.number().int().describe('capacity_unavailable: accelerators of the model that are free in the region'),
    alternatives: z.array(alternative).describe('capacity_unavailable: what could be had instead'),
    possible: z
      .object({
        gpus_per_node: z.number().int().describe('Accelerators of the model on the largest node'),
        node_count: z
          .object({ any: z.number().int(), same_spine: z.number().int(), same_leaf: z.number().int() })
          .describe('Most nodes of the asked size in one zone, below one spine, below one leaf'),
      })
      .describe('unprocessable with never_fits: what could start if nothing ran'),
    verdict: verdict.describe('With validate_only: everything that the request would meet, not only the first refusal'),
  })
  .partial();

/** RFC 9457, with the members of single codes. */
export const problem = z
  .object({
    type: z.string().describe('Address of the entry in the catalogue of problems'),
    title: z.string(),
    status: z.number().int(),
    code: errorCode.describe('Stable; what programs should look at'),
    detail: z.string().describe('What is wrong in this occurrence, for people'),
    request_id: z.string(),
    retryable: z.boolean().describe('True when the same request may succeed later'),
    suggestion: z.string().describe('What to do about it, for people'),
    doc_url: z.string(),
    errors: z
      .array(fieldError)
      .describe('The places of the request that are wrong; empty when it is none in particular'),
    ...members.shape,
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem> & Record<string, unknown>;
