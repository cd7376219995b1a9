import pg from 'pg';

/** What pg's connection and query have beyond their published types. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parse(statement: { name: string; text: string }): void;
  bind(what: { statement: string; values: string[] }): void;
  execute(what: Record<string, never>): void;
  describe(what: object): void;
}
/** What a statement's rows look like: columns, their parsers, and the empty row that pg copies. */
interface Shape {
  fields: unknown[];
  _parsers: unknown[] | undefined;
  _prebuiltEmptyResultObject: object | null;
}
interface WireQuery {
  readonly name: string;
  readonly _result: Shape;
  _accumulateRows: unknown;
  submit(connection: Wire): Error | null;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
}
const Query = pg.Query as unknown as new (config: pg.QueryConfig, callback: Done) => WireQuery;
type Done = (error: Error | null | undefined, result: pg.QueryResult) => void;

const SET_ORG = { name: 'suan_set_org', text: "SELECT set_config('app.org_id', $1, true)" };

/** What is known of one connection. It ends with it. */
interface Known {
  /** The same connection, which does not ask what rows look like. */
  silent: Wire;
  /** Shapes of the statements that are prepared there, by name. */
  shapes: Map<string, Shape>;
}
const known = new WeakMap<Wire, Known>();

/** What is known of a connection; prepares SET_ORG on one that is new. */
function knownOf(connection: Wire): Known {
  let found = known.get(connection);
  if (!found) {
    connection.parse(SET_ORG);
    found = { silent: Object.create(connection, { describe: { value: () => {} } }) as Wire, shapes: new Map() };
    known.set(connection, found);
  }
  return found;
}

/**
 * One statement inside an organisation in one round trip: `app.org_id` is set and the statement runs in the transaction
 * that PostgreSQL opens for all messages before a Sync, and closes, with the setting, at it (protocol, "Extended Query").
 * What a prepared statement's rows look like is asked once on a connection: PostgreSQL refuses to run it once that changes.
 * The connection must be closed after an error, as it is not known then which statement was prepared.
 */
class OrgQuery extends Query {
  readonly #orgId: string;
  #isSet = false;
  #shapes: Map<string, Shape> | null = null;

  constructor(orgId: string, config: pg.QueryConfig, callback: Done) {
    super(config, callback);
    this.#orgId = orgId;
  }

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      const { silent, shapes } = knownOf(connection);
      this.#shapes = shapes;
      connection.bind({ statement: SET_ORG.name, values: [this.#orgId] });
      connection.execute({});
      const shape = shapes.get(this.name);
      if (!shape) return super.submit(connection);
      Object.assign(this._result, shape);
      this._accumulateRows = true;
      return super.submit(silent);
    } finally {
      connection.stream.uncork();
    }
  }

  override handleRowDescription(message: unknown): void {
    super.handleRowDescription(message);
    const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
    this.#shapes?.set(this.name, { fields, _parsers, _prebuiltEmptyResultObject });
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
