import { NEWEST_API_VERSION } from '@suanxiang/contract/versions';
import { systemClock } from '@suanxiang/platform/clock';
import { controlPrivateKey } from '@suanxiang/platform/control-key';
import { createRegistry, startPrivateServer } from '@suanxiang/platform/private-server';
import { createCommandRedis } from '@suanxiang/platform/redis';
import { runProcess } from '@suanxiang/platform/run-process';
import { openContext } from '@suanxiang/services/context';
import { pingDb } from '@suanxiang/services/health';
import { Histogram } from 'prom-client';
import { buildServer } from './build-server';
import { createRateLimiter } from './rate-limit';
import { openMachines } from './terminal/machines';

await runProcess('api', async ({ config, logger, shutdown }) => {
  const redis = createCommandRedis(config.redisUrl, logger);
  shutdown.onClose('redis', () => redis.disconnect());
  const machines = openMachines({
    fleet: { url: config.fleetUrl, token: config.secrets.fleetToken },
    controlKey: controlPrivateKey(config.secrets.controlKey),
    nowMs: () => systemClock.nowMs(),
  });
  shutdown.onClose('machines', () => machines.close());
  const { ctx, close } = openContext({ config, redis, clock: systemClock, logger, logs: machines.logs });
  shutdown.onClose('database', close);
  const registry = createRegistry('api');
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by operation and status',
    labelNames: ['operation', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const server = buildServer({
    ctx,
    machines,
    limiter: createRateLimiter(redis, systemClock),
    logger,
    apiUrl: config.apiUrl,
    version: NEWEST_API_VERSION,
    onResponse: (operation, status, seconds) => durations.observe({ operation, status: String(status) }, seconds),
  });
  const health = await startPrivateServer({
    host: config.host,
    port: config.ports.apiPrivate,
    registry,
    stopping: () => shutdown.stopping,
    // Redis is not asked for: without it the API goes on, only charts and limits are poorer.
    checks: [{ name: 'database', check: () => pingDb(ctx) }],
  });
  shutdown.onClose('private server', () => health.close());
  shutdown.onClose('http', () => server.close());
  const address = await server.listen({ host: config.host, port: config.ports.api });
  logger.info({ address }, 'api is ready');
});
