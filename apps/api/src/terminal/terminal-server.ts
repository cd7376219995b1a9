import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ProblemError } from '@suanxiang/services/problem';
import { takeTicket } from '@suanxiang/services/terminal/tickets';
import type { FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressKey } from '../limits-of';
import { POLICIES, type RateLimiter } from '../rate-limit';
import { endSocket, type RawContext } from '../raw-answers';
import { clientAddress } from '../request-headers';
import { CLOSE_CODES, type CloseReason } from './close-reasons';
import { type TerminalOptions, TerminalSocket } from './terminal-socket';

const TERMINAL_PATH = '/v1/terminal';
const TERMINAL_PROTOCOL = 'suanxiang.terminal.v1';
const TICKET = /^ticket\.([\w-]{43})$/;
const MESSAGE_BYTES = 64 * 1024;

/** Browsers name the page's origin, which must be the console's; programs name none. Tickets are no cookies all the same. */
function isAllowed(origin: string | undefined, webUrl: string): boolean {
  return origin === undefined || origin === new URL(webUrl).origin;
}

function ticketOf(request: IncomingMessage): string | null {
  const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  const tickets = protocols.flatMap((one) => TICKET.exec(one)?.[1] ?? []);
  return protocols.includes(TERMINAL_PROTOCOL) && tickets.length === 1 ? tickets[0]! : null;
}

/** X-Forwarded-For is one text, as Node joins it when it is repeated. */
function addressOf({ socket, headers }: IncomingMessage): string {
  return clientAddress(socket.remoteAddress ?? '', headers['x-forwarded-for'] as string | undefined);
}

interface ServerOptions extends TerminalOptions {
  limiter: RateLimiter;
  raw: RawContext;
}

/** Why a handshake is refused; null when it may go on. Each one takes a token of the address that it comes from. */
async function refusalOf(request: IncomingMessage, { ctx, limiter }: ServerOptions): Promise<ProblemError | null> {
  const key = addressKey(addressOf(request));
  const taken = await limiter.take([{ policy: POLICIES.address, key }], 1);
  if (!taken.allowed) {
    const retryAfterS = Math.max(1, taken.retryAfterS);
    return new ProblemError('rate_limited', `Too many handshakes; the next one fits in ${retryAfterS} s.`, {
      retryAfterS,
    });
  }
  if (request.url !== TERMINAL_PATH) return new ProblemError('not_found', 'There is no WebSocket at this path.');
  if (!isAllowed(request.headers.origin, ctx.webUrl))
    return new ProblemError('origin_not_allowed', 'Terminals are opened by the console and by programs only.');
  return null;
}

/**
 * The one WebSocket of the API (docs/adr/0060): a session in a running instance, opened with a ticket that is good once and
 * for seconds. Its credential travels in the list of protocols, which no log writes down.
 */
export function installTerminal(server: FastifyInstance, options: ServerOptions): void {
  const { ctx, logger, raw } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => TERMINAL_PROTOCOL,
  });
  const open = new Set<TerminalSocket>();

  async function serve(socket: WebSocket, request: IncomingMessage): Promise<void> {
    // A broken connection is told by its end.
    socket.on('error', () => socket.terminate());
    const end = (reason: CloseReason) => socket.close(CLOSE_CODES[reason], reason);
    const ticket = ticketOf(request);
    let grant: Awaited<ReturnType<typeof takeTicket>> = null;
    try {
      grant = ticket === null ? null : await takeTicket(ctx, ticket);
    } catch {
      return end('unavailable');
    }
    if (!grant) return end('ticket_invalid');
    const session = new TerminalSocket(options, socket, grant, addressOf(request));
    open.add(session);
    await session.run().finally(() => open.delete(session));
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const refusal = await refusalOf(request, options);
    if (refusal) {
      const { retryAfterS } = refusal.extra;
      return endSocket(socket, refusal, raw, retryAfterS ? { 'Retry-After': String(retryAfterS) } : {});
    }
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      serve(websocket, request).catch((error: unknown) => {
        logger.error({ err: error }, 'terminal failed');
        websocket.terminate();
      });
    });
  }

  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head).catch((error: unknown) => {
      logger.error({ err: error }, 'handshake failed');
      socket.destroy();
    });
  });
  server.addHook('preClose', async () => {
    for (const session of open) session.close('server_stopping');
  });
}
