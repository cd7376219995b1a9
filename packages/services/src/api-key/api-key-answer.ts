import type { apiKey } from '@suanxiang/contract/schemas/identity';
import type { z } from 'zod';
import { displayKey } from './format';

type Answer = z.input<typeof apiKey>;

export interface ApiKeyRow {
  id: string;
  name: string;
  env: string;
  lookup: string;
  last4: string;
  scopes: string[];
  project_id: string | null;
  allowed_cidrs: string[];
  api_version: string;
  expires_at: Date | null;
  replaced_by: string | null;
  last_used_at: Date | null;
  last_used_ip_prefix: string | null;
  last_used_agent: string | null;
  revoked_at: Date | null;
  needs_review: boolean;
  created_at: Date;
}

const DAY_MS = 86_400_000;

/** How near the end is: what a warning 30, 7 and 1 days before goes by. */
export function expiryOf(expiresAt: Date | null, nowMs: number): Answer['expiry'] {
  const leftMs = (expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - nowMs;
  if (leftMs <= 0) return 'expired';
  if (leftMs <= DAY_MS) return 'within_1_day';
  if (leftMs <= 7 * DAY_MS) return 'within_7_days';
  return leftMs <= 30 * DAY_MS ? 'within_30_days' : 'far';
}

/** An API key as the API shows it, without its secret. */
export function apiKeyAnswer(row: ApiKeyRow, nowMs: number): Answer {
  return {
    id: row.id,
    name: row.name,
    display: displayKey(row.env, row.lookup, row.last4),
    scopes: row.scopes,
    project_id: row.project_id,
    allowed_cidrs: row.allowed_cidrs,
    api_version: row.api_version,
    expires_at: row.expires_at?.toISOString() ?? null,
    expiry: expiryOf(row.expires_at, nowMs),
    needs_review: row.needs_review,
    replaced_by: row.replaced_by,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_used_ip_prefix: row.last_used_ip_prefix,
    last_used_agent: row.last_used_agent,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
