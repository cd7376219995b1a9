import { ProblemError } from '@suanxiang/services/problem';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findFault } from './json-text';

/** Stands for a body in a format that is not JSON. */
const NOT_JSON = Symbol('not JSON');

/** 256 KiB of environment and 64 KiB of script, each up to four bytes a character when escaped, and room to spare. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true });

function malformed(detail: string, code = 'malformed'): ProblemError {
  return new ProblemError('invalid_request', detail, { errors: [{ pointer: '/body', code, detail }] });
}

function textOf(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
}

/** Throws `unsupported_media_type` for a compressed body: its size is not known before it is unpacked. */
function refuseEncoded(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return;
  throw new ProblemError('unsupported_media_type', 'Bodies are read uncompressed only.', {
    suggestion: 'Leave out the header Content-Encoding.',
    errors: [{ pointer: '/header/content-encoding', code: 'unsupported', detail: 'Must be absent or identity.' }],
  });
}

/**
 * Reads JSON and nothing else. `__proto__` and `constructor.prototype` are refused wherever they stand. Other formats are
 * left unread; whether that is an error depends on the route, so requireJson decides.
 */
export function installBodyParser(server: FastifyInstance): void {
  server.addHook('preParsing', async (request) => refuseEncoded(request));
  const parseJson = server.getDefaultJsonParser('error', 'error') as (
    request: FastifyRequest,
    text: string,
    done: (error: Error | null, body?: unknown) => void,
  ) => void;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      const text = textOf(bytes as Buffer);
      if (text.trim() === '') return done(null, undefined);
      const fault = findFault(text);
      if (fault) return done(malformed(`The body: ${fault.detail}`, fault.code));
      parseJson(request, text, (error, body) =>
        error ? done(malformed(`The body is not valid JSON: ${error.message}.`)) : done(null, body),
      );
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser('*', (_request, _payload, done) => done(null, NOT_JSON));
}

/** The JSON body, undefined when none was sent. Throws `unsupported_media_type` for any other format. */
export function requireJson(request: FastifyRequest): unknown {
  if (request.body === NOT_JSON) {
    throw new ProblemError('unsupported_media_type', 'Bodies are read as application/json only.', {
      suggestion: 'Send the header Content-Type: application/json.',
    });
  }
  return request.body ?? undefined;
}
