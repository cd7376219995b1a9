import type { Db } from '@suanxiang/db/client';
import { mintId } from '@suanxiang/domain/ids';
import { LOCALES, type Locale } from '@suanxiang/domain/locale';
import type { Clock } from '@suanxiang/platform/clock';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { betterAuth } from 'better-auth/minimal';
import type { BetterAuthOptions } from 'better-auth/types';
import { hashPassword, verifyPassword } from './password';
import { hashSessionTokens } from './token-hash';

export const SESSION_SECONDS = 7 * 24 * 3600;
export const LEAST_PASSWORD_LENGTH = 10;

export interface SessionStart {
  token: string;
  user: { id: string; email: string; name: string; locale: Locale };
}

/** Where a session was started from, shown to its owner. */
export interface SessionOrigin {
  ip: string;
  userAgent: string | null;
}

/** New people. */
export interface People {
  /** Creates a person with a session. Null when the address is taken. */
  signUp(
    input: { email: string; password: string; name: string; locale: Locale },
    origin: SessionOrigin,
  ): Promise<SessionStart | null>;
}

interface PeopleOptions {
  /** A handle of role app_auth. */
  identity: Db;
  secret: string;
  baseUrl: string;
  clock: Clock;
}

const TAKEN = new Set(['USER_ALREADY_EXISTS', 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL']);

function codeOf(error: unknown): string {
  return String((error as { body?: { code?: unknown } } | null)?.body?.code ?? '');
}

function headersOf(origin: SessionOrigin): Headers {
  const headers = new Headers({ 'x-forwarded-for': origin.ip });
  if (origin.userAgent) headers.set('user-agent', origin.userAgent);
  return headers;
}

/**
 * better-auth as a library: signing people up. What comes after, signing in and second factors, is ours (docs/adr/0027). None of its HTTP routes exist here, so there is no
 * cookie, no CSRF surface and none of its endpoints to keep patched; looking a session up is one query of ours
 * (access/authenticate.ts).
 */
function createAuth({ identity, secret, baseUrl, clock }: PeopleOptions) {
  const adapter = prismaAdapter(identity.prisma, { provider: 'postgresql', transaction: true });
  return betterAuth({
    appName: 'Suanxiang Cloud',
    baseURL: baseUrl,
    secret,
    database: (options: BetterAuthOptions) => hashSessionTokens(adapter(options)),
    user: {
      modelName: 'auth_user',
      additionalFields: { locale: { type: [...LOCALES], required: true, input: true } },
    },
    session: {
      modelName: 'auth_session',
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: LEAST_PASSWORD_LENGTH,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    advanced: {
      database: {
        generateId: ({ model }) => mintId(model === 'user' ? 'user' : 'session', clock.nowMs()),
      },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
}

export function createPeople(options: PeopleOptions): People {
  const { api } = createAuth(options);
  const emailTaken = async (email: string) =>
    (await options.identity.prisma.auth_user.count({ where: { email: { equals: email } } })) > 0;
  return {
    async signUp(input, origin) {
      try {
        const { token, user } = await api.signUpEmail({ body: input, headers: headersOf(origin) });
        return { token: token as string, user: { ...pick(user), locale: input.locale } };
      } catch (error) {
        if (TAKEN.has(codeOf(error))) return null;
        // Two at once: the second one's insert fails on the unique address.
        if (codeOf(error) === 'FAILED_TO_CREATE_USER' && (await emailTaken(input.email))) return null;
        throw error;
      }
    },
  };
}

function pick(user: { id: string; email: string; name: string }) {
  return { id: user.id, email: user.email, name: user.name };
}
