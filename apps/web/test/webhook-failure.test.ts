import { describe, expect, it } from 'vitest';
import { meaningOf } from '../src/features/webhooks/failure';

describe('reasons of failed deliveries', () => {
  it.each([
    ['no answer within 10 s', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'unknownHost'],
    ['EAI_AGAIN', 'unknownHost'],
    ['ECONNRESET', 'reset'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['The address does not lead to the public internet.', 'unsafe'],
    ['the connection failed', 'other'],
    ['SOMETHING_NEW', 'other'],
    [null, 'other'],
  ])('%s means %s', (error, meaning) => expect(meaningOf(error)).toBe(meaning));
});
