import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';
import { z } from 'zod';

/** Where a problem lies: a place of the request and what is wrong with it. */
const fieldError = z.object({
  pointer: z.string().describe('JSON pointer (RFC 6901) that begins with /body, /query, /path or /header'),
  code: z.string(),
  detail: z.string(),
});
const errorCode = z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]);

/** RFC 9457. Members beyond these (alternatives, blockers, required_permission, ...) belong to single codes. */
export const problem = z
  .object({
    type: z.string().describe('Address of the entry in the catalogue of problems'),
    title: z.string(),
    status: z.number().int(),
    code: errorCode.describe('Stable; what programs should look at'),
    detail: z.string().describe('What is wrong in this occurrence, for people'),
    request_id: z.string(),
    retryable: z.boolean().describe('True when the same request may succeed later'),
    suggestion: z.string().describe('What to do about it, for people'),
    doc_url: z.string(),
    errors: z
      .array(fieldError)
      .describe('The places of the request that are wrong; empty when it is none in particular'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem> & Record<string, unknown>;
