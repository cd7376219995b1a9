import { connect, createServer, type Server, type Socket } from 'node:net';

/** Lets everything through to a PostgreSQL until told to keep the answers to COMMIT to itself. */
export interface WithholdingProxy {
  port: number;
  /** From now on: what a client sends arrives, and once it has sent COMMIT it gets no answer any more. */
  withhold(): void;
  /** Resolves when a COMMIT has been passed on while its answer is withheld. */
  committed: Promise<void>;
  close(): Promise<void>;
}

/** A simple query as PostgreSQL's protocol sends it: Q, length, text, NUL. */
const COMMIT = Buffer.concat([Buffer.from('Q'), Buffer.from([0, 0, 0, 11]), Buffer.from('COMMIT\0')]);

/** Starts the proxy on a free port of 127.0.0.1. */
export async function startWithholdingProxy(target: { host: string; port: number }): Promise<WithholdingProxy> {
  let withholding = false;
  let tell: () => void = () => {};
  const committed = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(target);
    let silent = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk: Buffer) => {
      if (withholding && chunk.includes(COMMIT)) {
        silent = true;
        upstream.write(chunk, () => tell());
      } else upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => void (silent || client.write(chunk)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return {
    port,
    committed,
    withhold() {
      withholding = true;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
