import { connect } from 'node:net';
import { databaseVersion } from '@suanxiang/db/embedded';
import type { BaseConfig } from '@suanxiang/platform/config';
import type { Finding } from './checks';

/** The database that the person brings answers, and is new enough; or the embedded one will be used. */
export async function checkDatabase(config: BaseConfig): Promise<Finding> {
  const name = 'PostgreSQL';
  if (!config.givenDatabaseUrl) return { name, level: 'ok', detail: 'the embedded one will be used (18, from npm)' };
  const { host } = new URL(config.givenDatabaseUrl);
  try {
    return { name, level: 'ok', detail: `${host} answers, version ${await databaseVersion(config.givenDatabaseUrl)}` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const detail = `The database ${host} of DATABASE_URL does not answer (${message || code})`;
    return { name, level: 'fail', detail, fix: 'Start it, correct DATABASE_URL, or unset it to use the embedded one.' };
  }
}

function opens(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const finish = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => finish(null));
    socket.once('timeout', () => finish('no answer within 5 s'));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

/** The Redis that the person brings can be reached. Null when none is brought. */
export async function checkGivenRedis(config: BaseConfig): Promise<Finding | null> {
  if (!config.givenRedisUrl) return null;
  const name = 'Redis';
  const { hostname, port, host } = new URL(config.givenRedisUrl);
  const problem = await opens(hostname.replace(/^\[|\]$/g, ''), Number(port || 6379));
  if (problem === null) return { name, level: 'ok', detail: `${host} of REDIS_URL answers` };
  const detail = `The server ${host} of REDIS_URL does not answer (${problem})`;
  return { name, level: 'fail', detail, fix: 'Start it, correct REDIS_URL, or unset it to use one of our own.' };
}
