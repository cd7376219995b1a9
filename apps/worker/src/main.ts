import { hostname } from 'node:os';
import { systemClock } from '@suanxiang/platform/clock';
import type { Config } from '@suanxiang/platform/config';
import { controlPrivateKey } from '@suanxiang/platform/control-key';
import type { Logger } from '@suanxiang/platform/logger';
import { createRegistry, startPrivateServer } from '@suanxiang/platform/private-server';
import { assertNoEviction, createCommandRedis } from '@suanxiang/platform/redis';
import { runProcess } from '@suanxiang/platform/run-process';
import { defaultTiming } from '@suanxiang/provisioner/context';
import {
  type OpenProvisioner,
  openProvisioner,
  pingDatabase,
  zonesOfSimulatedFleet,
} from '@suanxiang/provisioner/open-provisioner';
import { startRelay } from '@suanxiang/provisioner/relay-outbox';
import { createAnswerer } from './answers';
import { answerDoorbells, type DoorbellOptions, openRinger } from './doorbells';
import { startMails } from './mails';
import { measured, registerFigures, timerFailures } from './metrics';
import { startPayments } from './payments';
import { startRounds } from './rounds';
import { createTimers } from './timers';
import { startWebhooks } from './webhooks';

const FLEET_WAIT_MS = 500;
const SPARE_CONNECTIONS = 8;

/** Kills this process, as a crash would, when the saga reaches the named point (fault tests only). */
function failpointOf(config: Config): (name: string) => undefined {
  const { failpoint } = config.worker;
  return (name) => {
    if (name === failpoint) process.kill(process.pid, 'SIGKILL');
    return undefined;
  };
}

/** The fleet's zones, once it answers. Ends empty-handed when the process stops first. */
async function waitForZones(fleet: { url: string; token: string }, signal: AbortSignal, logger: Logger) {
  while (!signal.aborted) {
    try {
      return await zonesOfSimulatedFleet(fleet);
    } catch (error) {
      logger.debug({ err: error }, 'waiting for the fleet');
      await new Promise((resolve) => setTimeout(resolve, FLEET_WAIT_MS));
    }
  }
  return [];
}

await runProcess('worker', async ({ config, logger, shutdown }) => {
  const registry = createRegistry('worker');
  const live = createCommandRedis(config.redisUrl, logger, 2_000);
  shutdown.onClose('live redis', () => live.disconnect());
  const doorbells: DoorbellOptions = {
    redisUrl: config.redisUrl,
    prefix: config.queuePrefix,
    concurrency: config.worker.concurrency,
    clock: systemClock,
    logger,
  };
  const ringer = openRinger(doorbells);
  shutdown.onClose('ringer', () => ringer.close());

  // Without its fleet a worker has nothing to do: it waits, alive and not ready.
  let opened: OpenProvisioner | null = null;
  const server = await startPrivateServer({
    host: config.host,
    port: config.ports.workerPrivate,
    registry,
    stopping: () => shutdown.stopping,
    checks: [
      {
        name: 'database and fleet',
        check: () => (opened ? pingDatabase(opened) : Promise.reject(new Error('the fleet has not answered yet'))),
      },
      { name: 'redis', check: () => assertNoEviction(ringer.redis) },
    ],
  });
  shutdown.onClose('private server', () => server.close());
  const zones = await waitForZones({ url: config.fleetUrl, token: config.secrets.fleetToken }, shutdown.signal, logger);
  if (shutdown.stopping) return;

  const ctx = openProvisioner({
    databaseUrl: config.databaseUrls.app_worker,
    poolSize: config.worker.concurrency + SPARE_CONNECTIONS,
    zones,
    clock: systemClock,
    logger,
    workerId: `${hostname()}:${process.pid}`,
    timing: {
      leaseMs: config.worker.leaseMs,
      placementLeaseMs: Math.min(config.worker.leaseMs, defaultTiming.placementLeaseMs),
    },
    failpoint: failpointOf(config),
  });
  opened = ctx;
  shutdown.onClose('provisioner', () => ctx.close());
  registerFigures(registry, ctx);
  const relay = startRelay(ctx, { listenUrl: config.databaseUrls.app_worker, ringer: ringer.ring });
  shutdown.onClose('relay', () => relay.close());
  const timers = createTimers(logger, timerFailures(registry));
  const controlKey = controlPrivateKey(config.secrets.controlKey);
  startRounds(ctx, timers, live, { webUrl: config.webUrl, controlKey });
  const mails = startMails(ctx, timers, config.mail, config.webUrl);
  shutdown.onClose('mails', () => mails.close());
  startWebhooks(ctx, timers, config);
  if (config.stripe) startPayments(ctx, timers, config.stripe);
  shutdown.onClose('timers', () => timers.close());
  const answering = answerDoorbells(doorbells, measured(registry, createAnswerer(ctx, config.webUrl)));
  shutdown.onClose('doorbells', () => answering.close());
  logger.info({ zones: zones.map((zone) => zone.zoneId) }, 'worker is ready');
});
