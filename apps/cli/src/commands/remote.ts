import type { CallOutput } from '@suanxiang/contract/client';
import { EXIT, Interrupted, ProgramEnded, UsageError } from '../exit-codes';
import type { TerminalCells } from '../io';
import { findWorkload } from '../names';
import { runRemotely } from '../remote-program';
import type { Context } from '../session';

export interface RemoteOptions {
  /** Node of a cluster, from 0. */
  node?: string;
  /** With a terminal, as `ssh -t`. */
  tty?: boolean;
}

/** What a session that the server ended means for a script. */
const EXITS: Record<string, number> = {
  ticket_invalid: EXIT.auth,
  credential_ended: EXIT.auth,
  permission_lost: EXIT.permission,
  not_running: EXIT.conflict,
  idle: EXIT.timeout,
  too_long: EXIT.timeout,
  too_many_sessions: EXIT.rate_limited,
  slow_reader: EXIT.failed,
};

interface Asked {
  command: string[] | null;
  tty: boolean;
  size: TerminalCells | null;
}

async function ticketFor(context: Context, name: string, { node }: RemoteOptions, asked: Asked) {
  const { say } = context;
  const rank = Number(node ?? 0);
  if (!Number.isInteger(rank) || rank < 0 || rank > 4095)
    throw new UsageError(say('badNumber', { flag: '--node', min: 0, max: 4095, given: node ?? '' }));
  const client = await context.client('org');
  const { kind, id } = await findWorkload(client, name, say);
  const body = { rank, command: asked.command, tty: asked.tty, ...(asked.size ?? {}) };
  const answer: CallOutput<'openInstanceTerminal'> =
    kind === 'instance'
      ? await client.call('openInstanceTerminal', { params: { instance_id: id }, body })
      : await client.call('openClusterTerminal', { params: { cluster_id: id }, body });
  return { url: answer.url, ticket: answer.ticket ?? '' };
}

async function end(context: Context, name: string, running: ReturnType<typeof runRemotely>): Promise<never> {
  const ended = await running;
  if ('code' in ended) throw new ProgramEnded(ended.code);
  if (context.io.interrupted.aborted) throw new Interrupted();
  const { reason } = ended;
  throw new UsageError(context.say('sessionEnded', { name, reason }), EXITS[reason] ?? EXIT.unavailable);
}

/** `suan terminal NAME`: a login shell on this terminal. Throws ProgramEnded with its exit code. */
export async function terminal(context: Context, name: string, options: RemoteOptions): Promise<never> {
  return inTerminal(context, name, options, null);
}

async function inTerminal(context: Context, name: string, options: RemoteOptions, command: string[] | null) {
  const { io, say } = context;
  let resize: (size: TerminalCells) => void = () => {};
  const raw = io.rawTerminal((size) => resize(size));
  if (!raw) throw new UsageError(say('needsTerminal'));
  try {
    const opened = await ticketFor(context, name, options, { command, tty: true, size: raw.size });
    const onReady = (how: typeof resize) => {
      resize = how;
    };
    return await end(context, name, runRemotely(io, { ...opened, input: io.input(), onReady }));
  } finally {
    raw.release();
  }
}

/**
 * `suan exec NAME -- COMMAND...`: one program, its input, output and errors those of this command. Throws ProgramEnded with its
 * exit code.
 */
export async function exec(context: Context, name: string, command: string[], options: RemoteOptions): Promise<never> {
  if (options.tty) return inTerminal(context, name, options, command);
  const { io } = context;
  const opened = await ticketFor(context, name, options, { command, tty: false, size: null });
  // Without a terminal a program that waits for a person's keys would wait for ever.
  const input = io.interactive ? null : io.input();
  return end(context, name, runRemotely(io, { ...opened, input }));
}
