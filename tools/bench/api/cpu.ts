import { readFileSync } from 'node:fs';
import { openDb } from '@suanxiang/db/client';
import { singleSql } from '@suanxiang/db/tenant';

/** One tick of /proc, by every Linux we know. */
const TICK_US = 10_000;

/** CPU time that processes have used so far in microseconds; NaN where the system does not tell. */
export function cpuUsOf(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      // After the name, which may hold spaces: state is the first, user and system time are the twelfth and thirteenth.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      return Number.NaN;
    }
  }
  return ticks * TICK_US;
}

/** Processes of PostgreSQL that serve the connections of an application. */
export async function backendsOf(adminUrl: string, applicationName: string): Promise<number[]> {
  const db = openDb({ url: adminUrl, applicationName: 'bench-cpu', poolSize: 1 });
  try {
    const rows = await singleSql(db)<{ pid: number }>`
      SELECT pid FROM pg_stat_activity WHERE application_name = ${applicationName}`;
    return rows.map(({ pid }) => pid);
  } finally {
    await db.close();
  }
}
