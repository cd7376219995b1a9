import path from 'node:path';
import { startEmbeddedPostgres } from '@suanxiang/db/embedded';
import { startRedis } from '../../lib/redis-server';
import { root } from '../../lib/root';

// Starts both servers as the launcher does, says their process ids, and then waits to be killed.
const [folder = '', postgresPort, redisPort] = process.argv.slice(2);
const [postgres, redis] = await Promise.all([
  startEmbeddedPostgres({
    dataDir: path.join(folder, 'postgres'),
    port: Number(postgresPort),
    password: 'x',
    logFile: path.join(folder, 'postgres.log'),
    profile: 'disposable',
  }),
  startRedis({
    dir: path.join(folder, 'redis'),
    cacheDir: path.join(root, '.cache'),
    port: Number(redisPort),
    password: 'x',
    logFile: path.join(folder, 'redis.log'),
    profile: 'disposable',
  }),
]);
process.stdout.write(`${JSON.stringify([postgres.pid, redis.pid])}\n`);
setInterval(() => {}, 60_000);
