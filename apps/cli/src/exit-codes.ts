import type { ErrorCode } from '@suanxiang/domain/errors';
import type { Bilingual } from '@suanxiang/domain/locale';

const text = (en: string, zh: string): Bilingual => ({ en, zh });

/** Exit codes of `suan` as data: `suan help exit-codes`, the reference and the tests read this one table. */
export const EXIT_CODES = [
  { name: 'ok', code: 0, meaning: text('done', '成功') },
  { name: 'failed', code: 1, meaning: text('an awaited operation or a check failed', '等待的操作或核对失败') },
  {
    name: 'usage',
    code: 2,
    meaning: text('wrong usage, or a request that the API finds invalid', '用法错误，或 API 认为请求无效'),
  },
  { name: 'network', code: 3, meaning: text('the API could not be reached', '无法连接 API') },
  { name: 'auth', code: 4, meaning: text('not signed in, or the credentials do not hold', '未登录，或凭据无效') },
  { name: 'permission', code: 5, meaning: text('signed in, but not allowed to', '没有执行该操作的权限') },
  { name: 'not_found', code: 6, meaning: text('there is no such thing, or no more', '资源不存在或已失效') },
  {
    name: 'conflict',
    code: 7,
    meaning: text('the present state or a taken name forbids it', '与当前状态冲突或名称已被占用'),
  },
  { name: 'quota', code: 8, meaning: text('the quota is used up', '配额不足') },
  { name: 'capacity', code: 9, meaning: text('no accelerators are free for it now', '当前没有可用的加速卡') },
  { name: 'payment', code: 10, meaning: text('the balance or a spend cap has no room', '余额不足或已达消费上限') },
  { name: 'rate_limited', code: 11, meaning: text('too many requests; try again later', '请求过于频繁，请稍后重试') },
  {
    name: 'unavailable',
    code: 12,
    meaning: text('the API failed or is busy; try again later', 'API 出错或繁忙，请稍后重试'),
  },
  { name: 'timeout', code: 13, meaning: text('what was waited for is not over yet', '等待超时，操作仍在进行') },
  { name: 'interrupted', code: 130, meaning: text('ended by Ctrl-C', '被 Ctrl-C 中断') },
] as const satisfies readonly { name: string; code: number; meaning: Bilingual }[];

export type ExitName = (typeof EXIT_CODES)[number]['name'];

export const EXIT = Object.fromEntries(EXIT_CODES.map(({ name, code }) => [name, code])) as Record<ExitName, number>;

/** Problem codes that say more than their HTTP status does. */
const BY_CODE: Partial<Record<ErrorCode, ExitName>> = {
  quota_exceeded: 'quota',
  capacity_unavailable: 'capacity',
  mfa_required: 'auth',
  reauthentication_required: 'auth',
  proof_refused: 'auth',
  device_denied: 'auth',
  request_timeout: 'unavailable',
};

const BY_STATUS: Record<number, ExitName> = {
  401: 'auth',
  402: 'payment',
  403: 'permission',
  404: 'not_found',
  409: 'conflict',
  410: 'not_found',
  412: 'conflict',
  429: 'rate_limited',
};

/** Exit code for a problem document: by its code, else by its status, so that codes of newer servers have one as well. */
export function exitOfProblem({ code, status }: { code: string; status: number }): number {
  const name = BY_CODE[code as ErrorCode] ?? BY_STATUS[status] ?? (status >= 500 ? 'unavailable' : 'usage');
  return EXIT[name];
}

/** A mistake of the person's, found before or between requests; `message` is one sentence in the person's language. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  constructor(
    message: string,
    readonly exit: number = EXIT.usage,
  ) {
    super(message);
  }
}

/** An awaited operation did not succeed; `message` says why in the person's language. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';
  constructor(
    message: string,
    readonly exit: number = EXIT.failed,
  ) {
    super(message);
  }
}

/** No answer came from the API at `url`. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  constructor(
    readonly url: string,
    readonly reason: string,
  ) {
    super(`${url}: ${reason}`);
  }
}

/** The person pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** A program that was run ended with a code that is handed on as it is. */
export class ProgramEnded extends Error {
  override readonly name = 'ProgramEnded';
  constructor(readonly exit: number) {
    super(`exit ${exit}`);
  }
}
