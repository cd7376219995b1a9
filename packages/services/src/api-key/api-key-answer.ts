import type { apiKey } from '@suanxiang/contract/schemas/identity';
import type { z } from 'zod';
import { displayKey } from './format';

export interface ApiKeyRow {
  id: string;
  name: string;
  env: string;
  lookup: string;
  last4: string;
  scopes: string[];
  project_id: string | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}

/** An API key as the API shows it, without its secret. */
export function apiKeyAnswer(row: ApiKeyRow): z.input<typeof apiKey> {
  return {
    id: row.id,
    name: row.name,
    display: displayKey(row.env, row.lookup, row.last4),
    scopes: row.scopes,
    project_id: row.project_id,
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
