import { createServer, type Socket } from 'node:net';

/** A mail as the server got it, headers and all. */
export type Received = { to: string; source: string };

export interface SmtpServer {
  url: string;
  received: Received[];
  /** Answers the next deliveries with this line instead of taking them; null: takes them. */
  refuse(line: string | null): void;
  close(): Promise<void>;
}

/** The part of RFC 5321 that a client needs to hand over mails, on a free port of 127.0.0.1. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const received: Received[] = [];
  let refusal: string | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let buffer = '';
    let to = '';
    let inData = false;
    const answer = (line: string) => void socket.write(`${line}\r\n`);
    const command = (line: string) => {
      if (/^(EHLO|HELO)/i.test(line)) return answer('250 test');
      if (/^RCPT/i.test(line)) to = /<(.*)>/.exec(line)?.[1] ?? '';
      if (/^DATA/i.test(line)) {
        if (refusal) return answer(refusal);
        inData = true;
        return answer('354 go on');
      }
      return answer(/^QUIT/i.test(line) ? '221 bye' : '250 ok');
    };
    answer('220 test');
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8');
      for (;;) {
        const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = buffer.slice(0, end);
        buffer = buffer.slice(end + (inData ? 5 : 2));
        if (inData) {
          received.push({ to, source: part });
          inData = false;
          answer('250 taken');
        } else command(part);
      }
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuse(line) {
      refusal = line;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
