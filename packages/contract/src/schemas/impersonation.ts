import { z } from 'zod';
import { currency, idOf, timestamp } from './common';

export const IMPERSONATION_STATES = ['awaiting_consent', 'active', 'ended', 'expired'] as const;
export const impersonation = z
  .object({
    id: idOf('impersonation'),
    state: z.enum(IMPERSONATION_STATES),
    operator_name: z.string(),
    subject_user_id: z.string().describe('The member in whose place the operator looks'),
    ticket: z.string(),
    reason: z.string(),
    consent_required: z.boolean(),
    consented_by: z.string().nullable(),
    created_at: timestamp,
    started_at: timestamp.nullable(),
    expires_at: timestamp.nullable(),
    ended_at: timestamp.nullable(),
    ended_by: z.string().nullable(),
  })
  .meta({ id: 'Impersonation' });

export const operatorImpersonation = impersonation
  .extend({ org_id: idOf('organization'), organization_name: z.string() })
  .meta({ id: 'OperatorImpersonation' });
export const startImpersonationBody = z.strictObject({
  ticket: z
    .string()
    .trim()
    .max(64)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}#/_.-]*$/u, 'the id of a ticket, for example CASE-1042'),
  reason: z.string().trim().min(5).max(500),
  minutes: z.number().int().min(1).max(30).default(15),
});
export const startedImpersonation = z.object({
  impersonation: operatorImpersonation,
  token: z.string().nullable().describe('Send as Authorization: Bearer to the public API; shown once. It only reads'),
});

export const operatorOrganization = z
  .object({
    id: idOf('organization'),
    slug: z.string(),
    name: z.string(),
    legal_name: z.string(),
    mode: z.enum(['live', 'sandbox']),
    currency,
    country: z.string(),
    time_zone: z.string(),
    members: z.number().int(),
    projects: z.number().int(),
    workloads: z.number().int().describe('Not ended'),
    accelerators: z.number().int().describe('Asked for or held'),
    impersonation_consent: z.boolean(),
    created_at: timestamp,
    closed_at: timestamp.nullable(),
  })
  .meta({ id: 'OperatorOrganization' });
export const operatorOrganizationsQuery = z.strictObject({
  q: z.string().trim().max(64).optional().describe('Part of name, slug or id'),
});
