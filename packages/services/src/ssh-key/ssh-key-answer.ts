import type { sshKey } from '@suanxiang/contract/schemas/identity';
import type { z } from 'zod';

export interface SshKeyRow {
  id: string;
  name: string;
  public_key: string;
  fingerprint: string;
  created_at: Date;
}

/** An SSH key as the API shows it. */
export function sshKeyAnswer(row: SshKeyRow): z.input<typeof sshKey> {
  return { ...row, created_at: row.created_at.toISOString() };
}
