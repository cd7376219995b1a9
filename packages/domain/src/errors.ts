/**
 * The error catalogue: every problem the API can answer (RFC 9457), with HTTP status, whether repeating the same request
 * can help, and its title in both languages. The detail of one occurrence is written where it occurs.
 */
interface ErrorEntry {
  status: number;
  retryable: boolean;
  title: { en: string; zh: string };
}

const entry = (status: number, retryable: boolean, en: string, zh: string): ErrorEntry => ({
  status,
  retryable,
  title: { en, zh },
});

export const ERROR_CATALOGUE = {
  invalid_request: entry(400, false, 'The request is not valid', '请求无效'),
  invalid_cursor: entry(400, false, 'The page cursor is not valid for this list', '分页游标无效'),
  idempotency_key_required: entry(400, false, 'An Idempotency-Key header is required', '缺少 Idempotency-Key 请求头'),
  unauthenticated: entry(401, false, 'Sign in or send a valid API key', '请登录或提供有效的 API 密钥'),
  invalid_credentials: entry(401, false, 'E-mail or password is wrong', '邮箱或密码错误'),
  payment_required: entry(402, false, 'The balance is too low', '余额不足'),
  permission_denied: entry(403, false, 'You do not have the permission for this', '没有执行此操作的权限'),
  quota_exceeded: entry(403, false, 'The quota is used up', '配额不足'),
  origin_not_allowed: entry(403, false, 'The request came from another site', '请求来源不被允许'),
  not_found: entry(404, false, 'There is no such resource', '资源不存在'),
  method_not_allowed: entry(405, false, 'This method is not allowed here', '不支持该请求方法'),
  conflict: entry(409, false, 'The resource is in a state that does not allow this', '资源当前状态不允许此操作'),
  name_taken: entry(409, false, 'This name is already taken', '名称已被占用'),
  capacity_unavailable: entry(409, true, 'There is no capacity for this right now', '当前没有可用的算力'),
  idempotency_in_flight: entry(409, true, 'A request with this key is still running', '相同幂等键的请求正在处理中'),
  test_clock_busy: entry(409, false, 'The test clock cannot move while this is pending', '当前无法推进测试时钟'),
  payload_too_large: entry(413, false, 'The request body is too large', '请求体过大'),
  unsupported_media_type: entry(415, false, 'Send application/json', '请使用 application/json'),
  idempotency_key_reused: entry(
    422,
    false,
    'This Idempotency-Key was used for another request',
    '幂等键已用于另一请求',
  ),
  unprocessable: entry(422, false, 'A referenced resource cannot be used', '引用的资源不可用'),
  rate_limited: entry(429, true, 'Too many requests', '请求过于频繁'),
  internal: entry(500, true, 'Something failed on our side', '服务内部错误'),
  unavailable: entry(503, true, 'The service is not available right now', '服务暂时不可用'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** A violation at one place of the request, located by JSON pointer (`/body/...`, `/query/...`, `/path/...`). */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

/** Thrown by use cases; the API turns it into a problem document and the CLI and console into a sentence. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly code: ErrorCode,
    /** What is wrong in this occurrence, in one sentence, for the person who sent it. */
    readonly detail: string,
    readonly extra: {
      /** What would be right. */
      suggestion?: string;
      errors?: FieldError[];
      /** Members added to the problem document (alternatives, blockers, required_permission, ...). */
      members?: Record<string, unknown>;
      retryAfterS?: number;
    } = {},
  ) {
    super(`${code}: ${detail}`);
  }
}
