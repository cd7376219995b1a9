import { ZodError } from 'zod';
import { DriverError, type DriverErrorCode } from '../driver';

/** The parts of an HTTP server that the mapping needs; Fastify's fits. */
interface Server {
  setErrorHandler(handler: (error: unknown, request: { url: string }, reply: Reply) => unknown): unknown;
  setNotFoundHandler(handler: (request: { url: string }, reply: Reply) => unknown): unknown;
}

interface Reply {
  code(status: number): Reply;
  send(body: unknown): unknown;
}

interface Logger {
  error(details: object, message: string): void;
}

const STATUS: Record<DriverErrorCode, number> = {
  invalid: 422,
  capacity: 409,
  conflict: 409,
  fenced: 412,
  unsupported: 501,
  transient: 503,
  lost: 500,
};

/** What failed as the driver understands it; null when it is no refusal. */
export function toDriverError(error: unknown): DriverError | null {
  if (error instanceof DriverError) return error;
  if (error instanceof RangeError) return new DriverError('invalid', error.message);
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    return new DriverError('invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
  }
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status < 500 && error instanceof Error ? new DriverError('invalid', error.message) : null;
}

/** The HTTP status of a refusal. */
export function statusOf({ code }: DriverError): number {
  return STATUS[code];
}

/** Answers every failure in the form the driver understands; what is not a refusal is logged and answers 500. */
export function installErrors(server: Server, logger: Logger): void {
  server.setErrorHandler((error, request, reply) => {
    const known = toDriverError(error);
    if (!known) {
      logger.error({ err: error, url: request.url }, 'request failed');
      return reply.code(500).send({ failed: true });
    }
    const { code, message, vendorCode } = known;
    return reply.code(statusOf(known)).send({ error: { code, message, vendorCode } });
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(501).send({ error: { code: 'unsupported', message: `no ${request.url} here`, vendorCode: null } }),
  );
}
