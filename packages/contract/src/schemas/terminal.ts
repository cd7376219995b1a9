import { z } from 'zod';
import { timestamp } from './common';

/** Bytes of a command and its arguments together, in UTF-8. */
export const MOST_COMMAND_BYTES = 6_000;

export const openTerminalBody = z.strictObject({
  rank: z.number().int().min(0).max(4095).default(0).describe('Node of a cluster, from 0'),
  command: z
    .array(z.string().max(2_000))
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe(`Program and arguments, at most ${MOST_COMMAND_BYTES} bytes; null: a login shell`),
  tty: z.boolean().default(true).describe('With a terminal; a login shell has one always'),
  columns: z.number().int().min(1).max(1000).default(80),
  rows: z.number().int().min(1).max(1000).default(24),
});

export const terminalTicket = z
  .object({
    ticket: z.string().nullable().describe('Opens one session, once; null in a repeated answer'),
    url: z.string().describe('WebSocket to open with the protocols suanxiang.terminal.v1 and ticket.<ticket>'),
    expires_at: timestamp.describe('The session must be opened before'),
    idle_seconds: z.number().int().describe('A session in which nothing is written either way ends after so long'),
    max_seconds: z.number().int().describe('A session ends after so long whatever happens'),
  })
  .meta({ id: 'TerminalTicket' });
