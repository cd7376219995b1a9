import { MOST_COMMAND_BYTES, type openTerminalBody, type terminalTicket } from '@suanxiang/contract/schemas/terminal';
import { ProblemError } from '@suanxiang/domain/errors';
import type { z } from 'zod';
import { credentialOf } from '../access/authenticate';
import { mutate } from '../access/mutate';
import type { CallMeta, Principal } from '../access/principal';
import type { AppContext } from '../context';
import { invalid } from '../problem';
import type { WorkloadKind } from '../workload/spec';
import { requireVisible } from '../workload/visible-workload';
import { IDLE_S, keepTicket, MAX_S, newTicket, TICKET_S } from './tickets';

function checkCommand(command: readonly string[]): void {
  if (command.some((word) => word.includes('\0')))
    throw invalid('/body/command', 'Arguments of programs have no NUL characters.', 'invalid_format');
  const bytes = command.reduce((sum, word) => sum + Buffer.byteLength(word), 0);
  if (bytes > MOST_COMMAND_BYTES)
    throw invalid('/body/command', `At most ${MOST_COMMAND_BYTES} bytes; this has ${bytes}.`, 'too_long');
}

/**
 * A ticket for one terminal session in a node of a running workload. Throws `not_found`, `conflict` when it does not run,
 * `invalid_request`, `unavailable`.
 */
export async function openTerminal(
  ctx: AppContext,
  principal: Principal,
  meta: CallMeta,
  kind: WorkloadKind,
  workloadId: string,
  body: z.output<typeof openTerminalBody>,
): Promise<z.input<typeof terminalTicket>> {
  const { orgId } = principal;
  const { rank, command, columns, rows } = body;
  if (command) checkCommand(command);
  const credential = credentialOf(principal);
  if (!credential) throw new ProblemError('permission_denied', 'This credential opens no terminals.');
  const ticket = newTicket();
  const base = {
    url: `${ctx.apiUrl.replace(/^http/, 'ws')}/v1/terminal`,
    expires_at: new Date(meta.nowMs + TICKET_S * 1000).toISOString(),
    idle_seconds: IDLE_S,
    max_seconds: MAX_S,
  };
  const answer = await mutate<z.input<typeof terminalTicket>>(ctx, principal, meta, `${kind}.terminal`, async (sql) => {
    await requireVisible(sql, principal, kind, workloadId);
    const [row] = await sql<{ state: string; node_count: number }>`
      SELECT state, node_count FROM workload WHERE org_id = ${orgId} AND id = ${workloadId}`;
    if (rank >= row!.node_count) throw invalid('/body/rank', `There are ${row!.node_count} nodes, from 0.`, 'range');
    if (row!.state !== 'running') {
      throw new ProblemError('conflict', `This ${kind} is ${row!.state}; a terminal needs one that runs.`, {
        members: { state: row!.state, allowed_states: ['running'] },
      });
    }
    // What is run in there is the customer's own business: the audit log knows that somebody went in, not what for.
    const detail = { rank, shell: command === null };
    return { answer: { ticket, ...base }, replay: { ticket: null, ...base }, resource: workloadId, detail };
  });
  const terminal = body.tty || command === null ? { columns, rows } : null;
  await keepTicket(ctx, ticket, {
    orgId,
    kind,
    workloadId,
    rank,
    command,
    terminal,
    credential,
    requestId: meta.requestId,
  });
  return answer;
}
