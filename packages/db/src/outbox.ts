import type { Sql } from './sql';

/** What a doorbell rings for. The message is only an id: "look again". */
export type OutboxTopic = 'operation' | 'placement' | 'billing' | 'what_if';

const ZONE = 'zone:';

/** Doorbell key of a placement: a zone where one was asked for, else the whole region. */
export function placementKey(regionId: string, zoneId: string | null): string {
  return zoneId === null ? regionId : ZONE + zoneId;
}

/** The zone of a placement's key; null when it names a region. */
export function zoneOfKey(key: string): string | null {
  return key.startsWith(ZONE) ? key.slice(ZONE.length) : null;
}

/** Writes a doorbell in the caller's transaction; the relay rings it after commit, at least once. */
export async function ring(sql: Sql, topic: OutboxTopic, key: string): Promise<void> {
  await sql`INSERT INTO outbox (topic, key) VALUES (${topic}, ${key})`;
}
