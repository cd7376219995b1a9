import { connect, createServer } from 'node:net';

/** Forwards every connection, and of some throws the answer away: the work is done, nobody hears of it. */
export interface DroppingProxy {
  port: number;
  /** Answers thrown away so far. */
  dropped(): number;
  close(): Promise<void>;
}

/** Starts the proxy on a free port of 127.0.0.1. `percent` of all connections lose their answer, spread evenly. */
export async function openDroppingProxy(targetPort: number, percent: number): Promise<DroppingProxy> {
  let connections = 0;
  let dropped = 0;
  const proxy = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    connections += 1;
    const drops = (connections * 37) % 100 < percent;
    client.pipe(server);
    server.once('data', (first: Buffer) => {
      if (drops) {
        dropped += 1;
        client.destroy();
        server.destroy();
        return;
      }
      client.write(first);
      server.pipe(client);
    });
    for (const socket of [client, server]) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => (socket === client ? server : client).destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as { port: number }).port,
    dropped: () => dropped,
    close: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}
