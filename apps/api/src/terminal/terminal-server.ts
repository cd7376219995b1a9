import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { takeTicket } from '@suanxiang/services/terminal/tickets';
import type { FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSE_CODES, type CloseReason } from './close-reasons';
import { type TerminalOptions, TerminalSocket } from './terminal-socket';

const TERMINAL_PATH = '/v1/terminal';
const TERMINAL_PROTOCOL = 'suanxiang.terminal.v1';
const TICKET = /^ticket\.([\w-]{43})$/;
const MESSAGE_BYTES = 64 * 1024;

/** Handshakes that are not a terminal's, or come from another site, are refused without a word about why. */
function refuse(socket: Duplex, status: '403 Forbidden' | '404 Not Found'): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Browsers name the page's origin, which must be the console's; programs name none. Tickets are no cookies all the same. */
function isAllowed(origin: string | undefined, webUrl: string): boolean {
  return origin === undefined || origin === new URL(webUrl).origin;
}

function ticketOf(request: IncomingMessage): string | null {
  const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  const tickets = protocols.flatMap((one) => TICKET.exec(one)?.[1] ?? []);
  return protocols.includes(TERMINAL_PROTOCOL) && tickets.length === 1 ? tickets[0]! : null;
}

/**
 * The one WebSocket of the API (docs/adr/0060): a session in a running instance, opened with a ticket that is good once and
 * for seconds. Its credential travels in the list of protocols, which no log writes down.
 */
export function installTerminal(server: FastifyInstance, options: TerminalOptions): void {
  const { ctx, logger } = options;
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
    const session = new TerminalSocket(options, socket, grant, request.socket.remoteAddress ?? '');
    open.add(session);
    await session.run().finally(() => open.delete(session));
  }

  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== TERMINAL_PATH) return refuse(socket, '404 Not Found');
    if (!isAllowed(request.headers.origin, ctx.webUrl)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      serve(websocket, request).catch((error: unknown) => {
        logger.error({ err: error }, 'terminal failed');
        websocket.terminate();
      });
    });
  });
  server.addHook('preClose', async () => {
    for (const session of open) session.close('server_stopping');
  });
}
