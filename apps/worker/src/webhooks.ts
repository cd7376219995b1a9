import type { Config } from '@suanxiang/platform/config';
import type { Provisioner } from '@suanxiang/provisioner/context';
import { fanOutEvents } from '@suanxiang/services/webhook/fan-out';
import { pruneEvents, sendDeliveries } from '@suanxiang/services/webhook/send-deliveries';
import type { Timers } from './timers';

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Sends events to customers' addresses. */
export function startWebhooks(ctx: Provisioner, timers: Timers, config: Config): void {
  const { db, clock } = ctx;
  const options = { db, clock, dataKey: config.secrets.dataKey, policy: config.outbound, webUrl: config.webUrl };
  timers.every('fan-out', SECOND, () => fanOutEvents(db, clock.nowMs()), SECOND);
  timers.every('webhooks', SECOND, () => sendDeliveries(options), SECOND);
  timers.every('prune-events', HOUR, () => pruneEvents(db), HOUR);
}
