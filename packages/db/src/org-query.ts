import pg from 'pg';

/** What pg's connection and query have beyond their published types. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parse(statement: { name: string; text: string }): void;
  bind(what: { statement: string; values: string[] }): void;
  execute(what: Record<string, never>): void;
}
interface WireQuery {
  submit(connection: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
}
const Query = pg.Query as unknown as new (config: pg.QueryConfig, callback: Done) => WireQuery;
type Done = (error: Error | null | undefined, result: pg.QueryResult) => void;

const SET_ORG = { name: 'suan_set_org', text: "SELECT set_config('app.org_id', $1, true)" };
/** Connections that have SET_ORG prepared. */
const prepared = new WeakSet<object>();

/**
 * One statement inside an organisation in one round trip: `app.org_id` is set and the statement runs in the transaction
 * that PostgreSQL opens for all messages before a Sync, and closes, with the setting, at it (protocol, "Extended Query").
 * The connection must be closed after an error, as it is not known then which statement was prepared.
 */
class OrgQuery extends Query {
  readonly #orgId: string;
  #isSet = false;

  constructor(orgId: string, config: pg.QueryConfig, callback: Done) {
    super(config, callback);
    this.#orgId = orgId;
  }

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      if (!prepared.has(connection)) connection.parse(SET_ORG);
      prepared.add(connection);
      connection.bind({ statement: SET_ORG.name, values: [this.#orgId] });
      connection.execute({});
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  // The setting answers first, with one row that nobody asked for.
  override handleDataRow(message: unknown): void {
    if (this.#isSet) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#isSet) super.handleCommandComplete(message, connection);
    this.#isSet = true;
  }
}

/** Runs one prepared statement inside an organisation. Throws what PostgreSQL says, after closing the connection. */
export async function queryInOrg(pool: pg.Pool, orgId: string, config: pg.QueryConfig): Promise<object[]> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await new Promise<pg.QueryResult>((resolve, reject) => {
      const query = new OrgQuery(orgId, config, (error, done) => (error ? reject(error) : resolve(done)));
      client.query(query as unknown as pg.Submittable);
    });
    failed = false;
    return result.rows as object[];
  } finally {
    client.release(failed);
  }
}
