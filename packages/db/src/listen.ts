import pg from 'pg';

export interface ListenOptions {
  url: string;
  applicationName: string;
  channel: string;
  /** Called for every notification, and once after each (re)connection, as some may have been missed. */
  onBell: () => void;
  /** Told once per outage. */
  onLost?: (error: Error) => void;
}

export interface Listener {
  close(): Promise<void>;
}

const RETRY_MS = 1_000;

/**
 * Listens on a PostgreSQL notification channel over a connection of its own and comes back after an outage.
 * Notifications are hints: whoever depends on them also looks by timer.
 */
export function listen(options: ListenOptions): Listener {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function retry(from: pg.Client, error: Error): void {
    if (closed || client !== from) return;
    client = null;
    options.onLost?.(error);
    from.end().catch(() => {});
    timer = setTimeout(connect, RETRY_MS);
  }

  function connect(): void {
    const own = new pg.Client({
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = own;
    own.on('error', (error) => retry(own, error));
    own.on('end', () => retry(own, new Error('the server ended the connection')));
    own.on('notification', () => options.onBell());
    own
      .connect()
      .then(() => own.query(`LISTEN ${pg.escapeIdentifier(options.channel)}`))
      .then(() => options.onBell())
      .catch((error: Error) => retry(own, error));
  }

  connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
