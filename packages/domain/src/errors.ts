/**
 * The error catalogue: every problem the API can answer (RFC 9457), with HTTP status, whether repeating the same request
 * can help, its title and a remedy in both languages. The detail of one occurrence is written where it occurs.
 */
interface ErrorEntry {
  status: number;
  retryable: boolean;
  title: { en: string; zh: string };
  /** What to do where the occurrence has nothing better to say. */
  suggestion: { en: string; zh: string };
}

type Text = readonly [en: string, zh: string];

const entry = (status: number, retryable: boolean, [en, zh]: Text, [adviceEn, adviceZh]: Text): ErrorEntry => ({
  status,
  retryable,
  title: { en, zh },
  suggestion: { en: adviceEn, zh: adviceZh },
});

export const ERROR_CATALOGUE = {
  invalid_request: entry(
    400,
    false,
    ['The request is not valid', '请求无效'],
    ['Correct what errors names and send it again.', '请按 errors 指出的位置修正后重新发送。'],
  ),
  invalid_cursor: entry(
    400,
    false,
    ['The page cursor is not valid for this list', '分页游标无效'],
    ['Start again without cursor.', '请去掉 cursor，从第一页重新开始。'],
  ),
  idempotency_key_required: entry(
    400,
    false,
    ['An Idempotency-Key header is required', '缺少 Idempotency-Key 请求头'],
    ['Send the header Idempotency-Key with a new UUID.', '请在 Idempotency-Key 请求头中发送一个新的 UUID。'],
  ),
  authorization_pending: entry(
    400,
    false,
    ['Nobody has approved this device yet', '设备尚未获得批准'],
    ['Ask again after interval seconds.', '请在 interval 秒后再次查询。'],
  ),
  slow_down: entry(
    400,
    false,
    ['This device asks too often', '设备查询过于频繁'],
    ['Wait five seconds longer between questions.', '请将查询间隔延长 5 秒。'],
  ),
  unauthenticated: entry(
    401,
    false,
    ['Sign in or send a valid API key', '请登录或提供有效的 API 密钥'],
    [
      'Send Authorization: Bearer with a valid API key or session token.',
      '请发送 Authorization: Bearer 及有效的 API 密钥或会话令牌。',
    ],
  ),
  invalid_credentials: entry(
    401,
    false,
    ['E-mail or password is wrong', '邮箱或密码错误'],
    ['Check both and try again.', '请检查后重试。'],
  ),
  second_factor_required: entry(
    401,
    false,
    ['A second factor is needed to sign in', '登录需要第二重验证'],
    [
      'Send ticket with a code, a recovery code or a passkey to POST /v1/auth/sign-in/mfa.',
      '请将 ticket 与验证码、恢复码或通行密钥发送至 POST /v1/auth/sign-in/mfa。',
    ],
  ),
  payment_required: entry(
    402,
    false,
    ['The balance is too low', '余额不足'],
    ['Top up the balance, or ask for less.', '请充值，或减少申请的资源。'],
  ),
  spend_cap_reached: entry(
    402,
    false,
    ['The spend cap has no room for this', '已达消费上限'],
    [
      'Raise the cap or ask for less; caps begin anew with each period.',
      '请提高上限或减少申请的资源；上限按账期重新计算。',
    ],
  ),
  permission_denied: entry(
    403,
    false,
    ['You do not have the permission for this', '没有执行此操作的权限'],
    ['Use a key or a role that has required_permission.', '请使用拥有 required_permission 权限的密钥或角色。'],
  ),
  email_not_verified: entry(
    403,
    false,
    ['The e-mail address has not been verified', '邮箱尚未验证'],
    ['Open the link in the mail that was sent to verify the address.', '请打开验证邮件中的链接完成验证。'],
  ),
  address_not_allowed: entry(
    403,
    false,
    ['This API key may not be used from this address', '该 API 密钥不允许从此地址使用'],
    ['Use it from one of its allowed_cidrs, or have them changed.', '请在 allowed_cidrs 网段内使用，或修改该设置。'],
  ),
  quota_exceeded: entry(
    403,
    false,
    ['The quota is used up', '配额不足'],
    ['Release something, or ask for a higher quota.', '请释放部分资源，或申请提高配额。'],
  ),
  origin_not_allowed: entry(
    403,
    false,
    ['The request came from another site', '请求来源不被允许'],
    ['Send it from the console itself.', '请从控制台本身发送请求。'],
  ),
  mfa_required: entry(
    403,
    false,
    ['This organization demands a second factor', '该组织要求第二重验证'],
    [
      'Sign in with a second factor, or add one in the security settings of your account.',
      '请使用第二重验证登录，或在账户安全设置中添加。',
    ],
  ),
  reauthentication_required: entry(
    403,
    false,
    ['Prove again that it is you', '请再次验证身份'],
    [
      'Send your password, a code or a passkey to POST /v1/me/reauthenticate and repeat the request.',
      '请将密码、验证码或通行密钥发送至 POST /v1/me/reauthenticate 后重试。',
    ],
  ),
  proof_refused: entry(
    403,
    false,
    ['The password, code or passkey was not accepted', '密码、验证码或通行密钥未通过'],
    ['Check it and try again; a code works once.', '请检查后重试；每个验证码仅可使用一次。'],
  ),
  device_denied: entry(
    403,
    false,
    ['The sign-in of this device was refused', '该设备的登录请求已被拒绝'],
    ['Start again if it was a mistake.', '若为误操作，请重新开始。'],
  ),
  not_found: entry(
    404,
    false,
    ['There is no such resource', '资源不存在'],
    ['Check the id, and the organization that the credential belongs to.', '请检查 ID 以及凭据所属的组织。'],
  ),
  method_not_allowed: entry(
    405,
    false,
    ['This method is not allowed here', '不支持该请求方法'],
    ['Use a method that the header Allow names.', '请使用 Allow 响应头列出的方法。'],
  ),
  request_timeout: entry(
    408,
    true,
    ['The request did not arrive in time', '请求未在时限内到达'],
    ['Send the whole request at once.', '请一次性发送完整请求。'],
  ),
  conflict: entry(
    409,
    false,
    ['The resource is in a state that does not allow this', '资源当前状态不允许此操作'],
    ['Read the resource and decide anew.', '请重新读取资源后再决定。'],
  ),
  name_taken: entry(
    409,
    false,
    ['This name is already taken', '名称已被占用'],
    ['Choose another name.', '请更换名称。'],
  ),
  capacity_unavailable: entry(
    409,
    true,
    ['There is no capacity for this right now', '当前没有可用的算力'],
    [
      'Take one of the alternatives, or set on_capacity to queue.',
      '请选择 alternatives 中的方案，或将 on_capacity 设为 queue。',
    ],
  ),
  idempotency_in_flight: entry(
    409,
    true,
    ['A request with this key is still running', '相同幂等键的请求正在处理中'],
    ['Send the same request again after Retry-After seconds.', '请在 Retry-After 秒后重新发送相同请求。'],
  ),
  test_clock_busy: entry(
    409,
    false,
    ['The test clock cannot move while this is pending', '当前无法推进测试时钟'],
    ['Wait until it is done and try again.', '请等待其完成后重试。'],
  ),
  gone: entry(410, false, ['This can no longer be used', '已失效，无法再使用'], ['Ask for a new one.', '请重新申请。']),
  link_expired: entry(
    410,
    false,
    ['This link or code is not valid any more', '链接或代码已失效'],
    ['Ask for a new one.', '请重新获取。'],
  ),
  precondition_failed: entry(
    412,
    false,
    ['The resource has changed since it was read', '资源在读取后已被修改'],
    ['Read it again, and send the new ETag in If-Match.', '请重新读取，并在 If-Match 中发送新的 ETag。'],
  ),
  payload_too_large: entry(
    413,
    false,
    ['The request body is too large', '请求体过大'],
    ['Send at most 1 MiB.', '请求体最大为 1 MiB。'],
  ),
  unsupported_media_type: entry(
    415,
    false,
    ['Send application/json', '请使用 application/json'],
    [
      'Send the header Content-Type: application/json, without compression.',
      '请发送 Content-Type: application/json，且不要压缩。',
    ],
  ),
  expectation_failed: entry(
    417,
    false,
    ['This expectation cannot be met', '无法满足 Expect 请求头'],
    ['Leave out the header Expect.', '请去掉 Expect 请求头。'],
  ),
  idempotency_key_reused: entry(
    422,
    false,
    ['This Idempotency-Key was used for another request', '幂等键已用于另一请求'],
    ['Use a new key for a new request.', '新请求请使用新的幂等键。'],
  ),
  unprocessable: entry(
    422,
    false,
    ['A referenced resource cannot be used', '引用的资源不可用'],
    ['Correct the references that errors names.', '请修正 errors 指出的引用。'],
  ),
  rate_limited: entry(
    429,
    true,
    ['Too many requests', '请求过于频繁'],
    ['Wait as long as Retry-After says.', '请按 Retry-After 等待后重试。'],
  ),
  headers_too_large: entry(
    431,
    false,
    ['The request headers are too large', '请求头过大'],
    ['Send at most 16 KiB of headers, the address included.', '请求行与请求头合计最大为 16 KiB。'],
  ),
  internal: entry(
    500,
    true,
    ['Something failed on our side', '服务内部错误'],
    ['Try again; if it stays so, tell support the request id.', '请重试；若仍失败，请将 request_id 告知支持人员。'],
  ),
  unavailable: entry(
    503,
    true,
    ['The service is not available right now', '服务暂时不可用'],
    [
      'Send the same request again in a moment, with the same Idempotency-Key.',
      '请稍后使用相同的幂等键重新发送相同请求。',
    ],
  ),
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
