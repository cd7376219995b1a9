import { z } from 'zod';
import { idOf, pageQuery, timestamp } from './common';

/** `thing.happened`, or `thing.*` for everything about a kind of thing. */
export const eventTypePattern = z
  .string()
  .regex(/^[a-z_]{1,40}\.([a-z0-9_]{1,60}|\*)$/, 'A type such as instance.running, or instance.* for all of a kind.');

export const event = z
  .object({
    id: idOf('event'),
    type: z
      .string()
      .regex(/^[a-z_]+\.[a-z0-9_]+$/)
      .describe('`thing.happened`, for example `instance.running` or `invoice.final`'),
    at: timestamp,
    project_id: idOf('project').nullable().describe('null: about the organization as a whole'),
    resource: z.string().nullable().describe('Id of what it is about; read it for its present state'),
    data: z.record(z.string(), z.unknown()).describe('What changed. Fields are added, never renamed'),
  })
  .meta({ id: 'Event' });

export const listEventsQuery = z.strictObject({
  ...pageQuery,
  type: eventTypePattern.optional().describe('Only these, for example `instance.*`'),
  resource: z.string().max(64).optional().describe('Only about this resource'),
  actor: z
    .string()
    .max(64)
    .optional()
    .describe('Only what this person, key or part of the platform did, as the audit log names it'),
  since: timestamp.optional().describe('Only from this instant on'),
  until: timestamp.optional().describe('Only before this instant'),
});

export const streamEventsQuery = z.strictObject({
  type: eventTypePattern.optional().describe('Only these, for example `instance.*`'),
  max_seconds: z.coerce.number().int().min(1).max(3600).default(3600).describe('The stream ends after so long'),
});

export const deliveryStatus = z.enum(['pending', 'delivered', 'failed', 'canceled']);

export const webhook = z
  .object({
    id: idOf('webhook'),
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.string()).describe('Empty: all events'),
    status: z
      .enum(['enabled', 'disabled', 'failed'])
      .describe('`failed`: turned off by us after days in which nothing was taken'),
    off_reason: z
      .enum(['gone', 'silent'])
      .nullable()
      .describe('Why it failed: it answered 410 Gone, or took nothing for days'),
    failing_since: timestamp.nullable(),
    old_secret_until: timestamp.nullable().describe('While a rotation overlaps: until when the old secret signs, too'),
    created_at: timestamp,
  })
  .meta({ id: 'Webhook' });

export const webhookWithSecret = z.object({
  webhook,
  secret: z.string().nullable().describe('`whsec_…`, verifies the signatures. Shown once'),
});

const url = z
  .string()
  .max(2048)
  .describe('https address that receives POST requests; reachable from the internet, without a user name in it');
const description = z.string().max(200);
const eventTypes = z.array(eventTypePattern).max(50);

export const createWebhookBody = z.strictObject({
  url,
  description: description.default(''),
  event_types: eventTypes.default([]),
});
export const updateWebhookBody = z.strictObject({
  url: url.optional(),
  description: description.optional(),
  event_types: eventTypes.optional(),
  status: z.enum(['enabled', 'disabled']).optional(),
});
export const rotateWebhookSecretBody = z.strictObject({
  overlap_seconds: z.number().int().min(0).max(604_800).default(86_400).describe('How long the old secret signs, too'),
});

export const webhookDelivery = z
  .object({
    id: idOf('webhookDelivery'),
    event_id: z.string().describe('What the receiver gets as webhook-id; the same at every attempt'),
    type: z.string(),
    status: deliveryStatus,
    created_at: timestamp,
    next_attempt_at: timestamp.nullable(),
    body: z.string().describe('What is sent, byte for byte'),
    attempts: z.array(
      z.object({
        at: timestamp,
        duration_ms: z.number().int(),
        status: z.number().int().nullable().describe('HTTP status of the answer; null: there was none'),
        error: z.string().nullable(),
        answer: z.string().nullable().describe('The first kilobyte of it'),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });
export const listDeliveriesQuery = z.strictObject({ ...pageQuery, status: deliveryStatus.optional() });
