const PROTOCOL = 'suanxiang.terminal.v1';

export interface TerminalHandlers {
  onReady(): void;
  onOutput(bytes: Uint8Array): void;
  /** Why it ended, as the server says it; `lost` when nobody said anything. */
  onEnd(reason: string): void;
}

export interface TerminalSession {
  type(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

/** Opens a session with a ticket, which travels in the list of protocols and so in no address. */
export function openSession(url: string, ticket: string, handlers: TerminalHandlers): TerminalSession {
  const socket = new WebSocket(url, [PROTOCOL, `ticket.${ticket}`]);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    // The first byte tells output and errors apart, which a terminal shows alike.
    if (typeof data !== 'string') handlers.onOutput(new Uint8Array(data, 1));
    else if ((JSON.parse(data) as { type: string }).type === 'ready') handlers.onReady();
  };
  socket.onclose = ({ reason }) => handlers.onEnd(reason || 'lost');
  const send = (data: string | Uint8Array<ArrayBuffer>) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
  };
  return {
    type: (bytes) => send(Uint8Array.from(bytes)),
    resize: (columns, rows) => send(JSON.stringify({ type: 'resize', columns, rows })),
    close() {
      socket.onclose = null;
      socket.close();
    },
  };
}
