import { processEvents, sweepPayments } from '@suanxiang/metering/payments/online/events';
import { forgetMethods, openSetups, watchSetups } from '@suanxiang/metering/payments/online/methods';
import { sendPayments } from '@suanxiang/metering/payments/online/send';
import { createStripeProvider } from '@suanxiang/metering/payments/stripe/stripe-provider';
import type { StripeConfig } from '@suanxiang/platform/config';
import type { Provisioner } from '@suanxiang/provisioner/context';
import { tellUnknownAttempts } from '@suanxiang/services/audit/tell-unknown-attempts';
import type { Timers } from './timers';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const SETUP_LIFE_MS = 24 * 60 * MINUTE;

/**
 * Everything that is asked of the payment provider. Each round may run in any number of workers and be killed anywhere: what is
 * asked carries the key of its business operation, and what is answered is booked once.
 */
export function startPayments(ctx: Provisioner, timers: Timers, config: StripeConfig): void {
  const provider = createStripeProvider(config);
  const { db, clock } = ctx;
  timers.every('send-payments', SECOND, () => sendPayments(db, provider, clock.nowMs()));
  timers.every('unknown-attempts', 15 * SECOND, () => tellUnknownAttempts(db, clock.nowMs()));
  timers.every('payment-events', SECOND, () => processEvents(db, provider, clock.nowMs()));
  timers.every('open-setups', SECOND, () => openSetups(db, provider, clock.nowMs()));
  timers.every('watch-setups', 10 * SECOND, () => watchSetups(db, provider, clock.nowMs() - SETUP_LIFE_MS));
  timers.every('forget-methods', MINUTE, () => forgetMethods(db, provider, clock.nowMs()));
  timers.every('sweep-payments', config.sweepS * SECOND, () => sweepPayments(db, provider, clock.nowMs()), 15 * SECOND);
}
