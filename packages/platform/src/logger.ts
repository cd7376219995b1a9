import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from './config';

export type { Logger } from 'pino';

const secretFields = [
  'password',
  'newPassword',
  'currentPassword',
  'secret',
  'token',
  'apiKey',
  'authorization',
  'cookie',
  'set-cookie',
  'privateKey',
  'sessionSecret',
  'apiKeyPepper',
];

function redactedPaths(): string[] {
  return secretFields.flatMap((field) => {
    const step = /^\w+$/.test(field) ? `.${field}` : `["${field}"]`;
    return [step.replace(/^\./, ''), `*${step}`, `*.*${step}`];
  });
}

// Values that give access wherever they appear: API keys (brand_type_env_body) and credentials inside URLs.
const apiKeyPattern = /\b([a-z]{2,12}_(?:sk|op|wi)_(?:live|test|sandbox)_[A-Za-z0-9]{4})[A-Za-z0-9]{8,}/g;
const urlPasswordPattern = /\b([a-z][a-z0-9+.-]*:\/\/[^:/@\s"]*:)[^@\s"/]+@/g;

/** Takes secrets out of one serialised log line. */
export function scrubLine(line: string): string {
  return line.replace(apiKeyPattern, '$1[redacted]').replace(urlPasswordPattern, '$1[redacted]@');
}

export interface LoggerOptions {
  /** Process name, in every line. */
  readonly name: string;
  readonly level: LogLevel;
}

/** JSON logger to standard output (or `destination`), with known secrets redacted by field name and by shape. */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { name: options.name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths(), censor: '[redacted]' },
      hooks: { streamWrite: scrubLine },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}
