import { Buffer } from 'node:buffer';
import type pg from 'pg';
import type { Db } from './client';
import { type Sql, sqlOverClient } from './sql';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Rows in PostgreSQL's binary COPY format, written into one growing buffer without an object per value. */
export class CopyRows {
  #buffer: Buffer;
  #at: number;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafe(SIGNATURE.length + Math.max(1024, expectedBytes));
    this.#at = SIGNATURE.copy(this.#buffer);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }

  /** Begins a row of `columns` values, which must follow. */
  row(columns: number): this {
    this.#room(2);
    this.#at = this.#buffer.writeInt16BE(columns, this.#at);
    return this;
  }

  int4(value: number): this {
    this.#room(8);
    this.#at = this.#buffer.writeInt32BE(value, this.#buffer.writeInt32BE(4, this.#at));
    return this;
  }

  /** A whole number that is safe in JavaScript. */
  int8(value: number): this {
    this.#room(12);
    this.#at = this.#buffer.writeInt32BE(8, this.#at);
    this.#at = this.#buffer.writeInt32BE(Math.floor(value / 2 ** 32), this.#at);
    this.#at = this.#buffer.writeUInt32BE(value >>> 0, this.#at);
    return this;
  }

  /** Text in ASCII. */
  ascii(value: string): this {
    this.#room(4 + value.length);
    this.#at = this.#buffer.writeInt32BE(value.length, this.#at);
    this.#at += this.#buffer.write(value, this.#at, value.length, 'latin1');
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#room(4 + value.length);
    this.#at = this.#buffer.writeInt32BE(value.length, this.#at);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  /** Everything, with the end mark. */
  finish(): Buffer {
    this.#room(2);
    this.#at = this.#buffer.writeInt16BE(-1, this.#at);
    return this.#buffer.subarray(0, this.#at);
  }
}

interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** A COPY … FROM STDIN as node-postgres runs it: a statement that is asked for its data. */
class CopyStatement {
  readonly #done: (error: Error | null) => void;
  #error: Error | null = null;

  constructor(
    readonly text: string,
    readonly data: Buffer,
    done: (error: Error | null) => void,
  ) {
    this.#done = done;
  }

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.data);
    connection.endCopyFrom();
  }

  handleError(error: Error): void {
    this.#error = error;
    this.#done(error);
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  handleReadyForQuery(): void {
    if (!this.#error) this.#done(null);
  }
}

/** Sends rows to a table of the current transaction. `target` is text of the code, never of a caller: "thing (a, b)". */
export type CopyIn = (target: string, rows: Buffer) => Promise<void>;

function copyOverClient(client: pg.PoolClient): CopyIn {
  return (target, data) =>
    new Promise((resolve, reject) => {
      const text = `COPY ${target} FROM STDIN (FORMAT binary)`;
      const statement = new CopyStatement(text, data, (error) => (error ? reject(error) : resolve()));
      client.query(statement as unknown as pg.Submittable);
    });
}

/** Runs `fn` in one transaction with a COPY beside its statements. Throws what `fn` throws after rolling back. */
export async function withCopy<T>(db: Db, fn: (sql: Sql, copy: CopyIn) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await fn(sqlOverClient(client), copyOverClient(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
