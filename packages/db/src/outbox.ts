import type { Sql } from './sql';

/** What a doorbell rings for. The message is only an id: "look again". */
export type OutboxTopic = 'operation' | 'placement' | 'billing';

/** Writes a doorbell in the caller's transaction; the relay rings it after commit, at least once. */
export async function ring(sql: Sql, topic: OutboxTopic, key: string): Promise<void> {
  await sql`INSERT INTO outbox (topic, key) VALUES (${topic}, ${key})`;
}
