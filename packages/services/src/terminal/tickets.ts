import { createHash, randomBytes } from 'node:crypto';
import { ProblemError } from '@suanxiang/domain/errors';
import type { CredentialRef } from '../access/authenticate';
import type { AppContext } from '../context';
import type { WorkloadKind } from '../workload/spec';

/** A ticket is used within this time or never. */
export const TICKET_S = 30;
export const IDLE_S = 900;
export const MAX_S = 8 * 3600;

/** What a ticket opens, and for whom. */
export interface TerminalGrant {
  orgId: string;
  kind: WorkloadKind;
  workloadId: string;
  rank: number;
  command: string[] | null;
  terminal: { columns: number; rows: number } | null;
  credential: CredentialRef;
  requestId: string;
}

const keyOf = (ticket: string) => `suan:terminal:ticket:${createHash('sha256').update(ticket).digest('hex')}`;

const unavailable = () =>
  new ProblemError('unavailable', 'Terminals cannot be opened at this moment. Nothing else is affected.', {
    retryAfterS: 2,
  });

export function newTicket(): string {
  return randomBytes(32).toString('base64url');
}

/** Keeps what a ticket opens for a few seconds. Throws `unavailable`. */
export async function keepTicket(ctx: AppContext, ticket: string, grant: TerminalGrant): Promise<void> {
  try {
    await ctx.redis.set(keyOf(ticket), JSON.stringify(grant), 'EX', TICKET_S);
  } catch {
    throw unavailable();
  }
}

/** Takes a ticket, which nobody can take again; null when it opens nothing. Throws `unavailable`. */
export async function takeTicket(ctx: AppContext, ticket: string): Promise<TerminalGrant | null> {
  try {
    const text = await ctx.redis.getdel(keyOf(ticket));
    return text === null ? null : (JSON.parse(text) as TerminalGrant);
  } catch {
    throw unavailable();
  }
}
