import { z } from 'zod';
import { timestamp } from './common';

const place = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,62}$/, 'lower-case letters, digits and hyphens, like cn-north-x')
  .meta({ examples: ['cn-north-x'] });

export const allowAgentBody = z.strictObject({
  zone_id: place.describe('The zone that the agent will run; it is made when it does not exist'),
  region_id: place.describe('The region of that zone').meta({ examples: ['cn-north'] }),
});

export const agentToken = z
  .object({
    token: z.string().nullable().describe('Shown once; null in a repetition'),
    zone_id: z.string(),
    region_id: z.string(),
    expires_at: timestamp,
  })
  .meta({ id: 'AgentToken' });

export const nodeAgent = z
  .object({
    id: z.string(),
    zone_id: z.string(),
    node_id: z.string().nullable(),
    url: z.string().nullable().describe('Where it is reached; null when it only sends evidence'),
    enrolled_at: timestamp,
    revoked_at: timestamp.nullable(),
  })
  .meta({ id: 'NodeAgent' });
