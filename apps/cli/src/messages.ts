import { type Bilingual, inLocale, type Locale } from '@suanxiang/domain/locale';
import { HELP_MESSAGES } from './messages-help';

const say = (en: string, zh: string): Bilingual => ({ en, zh });

/** Every sentence of the CLI in both languages; `{name}` is filled in. */
const MESSAGES = {
  ...HELP_MESSAGES,
  about: say(
    'suan: the command line of Suanxiang Cloud. Every operation of the public API is one command.',
    'suan：算想云命令行工具。公开 API 的每个操作对应一条命令。',
  ),
  footer: say(
    'Exit codes, environment and output: suan help exit-codes | environment | output',
    '退出码、环境变量与输出：suan help exit-codes | environment | output',
  ),
  optJson: say('print the JSON answer of the API', '输出 API 返回的 JSON'),
  optOrg: say('organization to act in: id or short name', '目标组织：ID 或短名称'),
  optProfile: say('profile in the config file', '配置文件中的配置名称'),
  optLang: say('language: en or zh-CN', '语言：en 或 zh-CN'),
  optApiUrl: say('address of the API', 'API 地址'),
  optTimeout: say('seconds to wait for an answer', '等待响应的秒数'),
  optRetries: say('how often to retry what may be retried', '可重试请求的最大重试次数'),
  optBody: say(
    'JSON request body from a file, or - for standard input; flags override it',
    '从文件（- 为标准输入）读取 JSON 请求体，命令行选项优先',
  ),
  optAll: say('fetch every page', '获取全部分页'),
  optWait: say('follow the operation until it has finished', '等待操作完成并显示进度'),
  optWaitTimeout: say('give up waiting after this many seconds', '等待的最长秒数'),
  optIdempotencyKey: say('Idempotency-Key; default: a fresh one', '幂等键；默认自动生成'),
  optFollow: say('go on with what is written until its run ends, or Ctrl-C', '持续输出新日志，直到运行结束或按 Ctrl-C'),
  optOutput: say('file to write, - for standard output', '输出文件，- 为标准输出'),
  help: say('show help', '显示帮助'),
  version: say('print the version', '显示版本'),
  argFile: say('or @FILE', '或 @文件'),
  required: say('required', '必填'),
  repeatable: say('repeatable or separated by commas', '可重复或用逗号分隔'),
  pairs: say('key=value, repeatable', 'key=value，可重复'),
  oneOf: say('one of: {values}', '可选：{values}'),
  default: say('default: {value}', '默认：{value}'),
  organizationDefault: say('default: the present organization', '默认：当前组织'),
  idOrName: say('id or name', 'ID 或名称'),
  login: say('Store a session or an API key in the config file', '登录，或将 API 密钥存入配置文件'),
  needDeviceLogin: say(
    'This account has a second factor: run "suan login" without --email and approve it in the browser.',
    '该账户已启用第二重验证：请执行不带 --email 的 "suan login"，并在浏览器中批准。',
  ),
  askCode: say('Code of the authenticator app, or a recovery code: ', '身份验证器验证码或恢复码：'),
  deviceCode: say(
    'Open {url}\nand check that it shows the code {code}. Approve only what you have started yourself.',
    '请打开 {url}\n并核对页面显示的代码为 {code}。仅批准您自己发起的请求。',
  ),
  deviceExpired: say(
    'Nobody approved it in time; run "suan login" again.',
    '未在时限内获批，请重新执行 "suan login"。',
  ),
  loginApiKey: say('API key to store, - to read it from standard input', '要保存的 API 密钥，- 从标准输入读取'),
  use: say('Choose the organization to act in', '切换当前组织'),
  verifyInvoice: say(
    'Derive an invoice again on this machine: every digest, line and total',
    '在本机重新推导账单：核对每个摘要、明细行与合计',
  ),
  invoiceHolds: say(
    '{number}: {derived} lines derived again ({notes} credit notes among them), {checked} adjustments and {byHand} credit notes made by hand checked, from {blocks} usage blocks; everything holds. Total {total}.',
    '{number}：重新推导 {derived} 行（含 {notes} 张贷项通知单），核对 {checked} 项调整与 {byHand} 张人工贷项通知单，依据 {blocks} 个用量区块，全部一致。合计 {total}。',
  ),
  invoiceHoldsInPart: say(
    '{number}: {derived} lines derived again ({notes} credit notes among them), {checked} adjustments and {byHand} credit notes made by hand checked, from {blocks} usage blocks; all that holds. {lost} lines cannot be derived any more: their evidence is past its retention. Total {total}.',
    '{number}：重新推导 {derived} 行（含 {notes} 张贷项通知单），核对 {checked} 项调整与 {byHand} 张人工贷项通知单，依据 {blocks} 个用量区块，均一致。{lost} 行的用量凭证已过保存期，无法再推导。合计 {total}。',
  ),
  evidenceExpired: say(
    'its usage blocks are past their retention: {kept} of {of} are still kept; the line is billed by time and was derived without them',
    '用量区块已过保存期：{of} 个中尚存 {kept} 个；该行按时长计费，无需区块即已推导',
  ),
  evidenceExpiredLost: say(
    'its usage blocks are past their retention: {kept} of {of} are still kept; the line is billed by what was measured and cannot be derived any more',
    '用量区块已过保存期：{of} 个中尚存 {kept} 个；该行按用量计费，无法再推导',
  ),
  invoiceDiffers: say('{number} does not hold: {count} differences.', '{number} 存在 {count} 处不一致。'),
  chainBroken: say('the invoice before is not the one that was sealed', '上一张账单与封存的摘要不符'),
  completion: say('Print a completion script: bash, zsh or fish', '输出补全脚本：bash、zsh 或 fish'),
  askField: say('{field}: ', '{field}：'),
  signedIn: say('Signed in as {name} at {url}.', '已登录：{name}（{url}）。'),
  signedOut: say('Signed out.', '已退出登录。'),
  actingIn: say('Acting in {name} ({id}).', '当前组织：{name}（{id}）。'),
  chooseOrganization: say(
    'You belong to {count} organizations; choose one with "suan use": {names}',
    '您属于 {count} 个组织，请用 "suan use" 选择：{names}',
  ),
  noOrganization: say(
    'Create an organization next: suan organizations create --name NAME',
    '下一步创建组织：suan organizations create --name 名称',
  ),
  needOrganization: say(
    'Which organization? Give --org, or choose one with "suan use".',
    '请用 --org 指定组织，或用 "suan use" 选择。',
  ),
  unknownOrganization: say(
    'There is no organization {name} for you; you belong to: {names}',
    '找不到组织 {name}；您所属的组织：{names}',
  ),
  needCredentials: say(
    'Not signed in: run "suan login", or set SUANXIANG_API_KEY.',
    '尚未登录：请执行 "suan login"，或设置 SUANXIANG_API_KEY。',
  ),
  needOperator: say(
    'Not signed in as operator: run "suan operator sign-in".',
    '尚未以运营身份登录：请执行 "suan operator sign-in"。',
  ),
  configNotJson: say(
    '{file} is not a config file of suan: it does not hold JSON. Mend it, or move it away and run "suan login" again.',
    '{file} 不是有效的 suan 配置文件（不是 JSON）。请修正，或将其移走后重新执行 "suan login"。',
  ),
  configWrong: say(
    '{file} is not a config file of suan: {place}: {detail}. Mend it, or move it away and run "suan login" again.',
    '{file} 不是有效的 suan 配置文件：{place}：{detail}。请修正，或将其移走后重新执行 "suan login"。',
  ),
  configReadable: say(
    'Others can read {file}, which holds your credentials: chmod 600 {file}',
    '其他用户可以读取存有凭据的 {file}，请执行：chmod 600 {file}',
  ),
  otherAddress: say(
    'The credentials of the profile {name} are for {of} and are not sent to {url}; run "suan login --profile NAME --api-url {url}".',
    '配置 {name} 的凭据属于 {of}，不会发送到 {url}；请执行 "suan login --profile 名称 --api-url {url}"。',
  ),
  answerStopped: say(
    'The answer of the API stopped on the way; try again, or allow more with --timeout.',
    'API 的响应中断，请重试，或用 --timeout 延长时间。',
  ),
  unknownProfile: say(
    'There is no profile {name} in {file}; "suan login --profile {name}" makes it.',
    '{file} 中没有配置 {name}；可执行 "suan login --profile {name}" 创建。',
  ),
  badUrl: say('{url} is not an http(s) address.', '{url} 不是有效的 http(s) 地址。'),
  badNumber: say(
    '{flag} wants a whole number from {min} to {max}, not "{given}".',
    '{flag} 应为 {min} 到 {max} 的整数，而不是 "{given}"。',
  ),
  flagWantsNumber: say('{flag} wants a number, not "{given}".', '{flag} 应为数字，而不是 "{given}"。'),
  flagWantsPair: say(
    '{flag} wants key=value or a JSON object, not "{given}".',
    '{flag} 应为 key=value 或 JSON 对象，而不是 "{given}"。',
  ),
  flagWantsJson: say('{flag} wants JSON, not "{given}".', '{flag} 应为 JSON，而不是 "{given}"。'),
  missing: say('{flag} is required.', '缺少 {flag}。'),
  missingOneOf: say('{flag} is required; allowed: {values}.', '缺少 {flag}；允许的值：{values}。'),
  notAllowed: say(
    '{flag} does not allow "{given}"; allowed: {values}.',
    '{flag} 不能为 "{given}"；允许的值：{values}。',
  ),
  unknownField: say(
    'The body has an unknown field "{field}"; known: {values}.',
    '请求体包含未知字段 "{field}"；可用字段：{values}。',
  ),
  invalidField: say('{flag}: {detail}', '{flag}：{detail}'),
  nothingToChange: say(
    'Nothing to change: give at least one of {values}.',
    '没有要修改的内容：请至少给出 {values} 之一。',
  ),
  bodyNotJson: say('{file} does not hold a JSON object.', '{file} 的内容不是 JSON 对象。'),
  cannotRead: say('Cannot read {file}: {reason}', '无法读取 {file}：{reason}'),
  cannotWrite: say('Cannot write {file}: {reason}', '无法写入 {file}：{reason}'),
  noSuchInstance: say('There is no instance named "{name}".', '没有名为 "{name}" 的实例。'),
  noSuchCluster: say('There is no cluster named "{name}".', '没有名为 "{name}" 的集群。'),
  noSuchWorkload: say('There is no instance or cluster named "{name}".', '没有名为 "{name}" 的实例或集群。'),
  nameOfMany: say('Several are named "{name}"; give an id: {ids}', '有多个资源名为 "{name}"，请使用 ID：{ids}'),
  notRunning: say(
    '{name} is {state}, not running; "suan start {name}" starts what is stopped.',
    '{name} 当前状态为 {state}，未在运行；已停止的可用 "suan start {name}" 启动。',
  ),
  noSsh: say('{name} has no SSH address yet; try again in a moment.', '{name} 尚无 SSH 地址，请稍后重试。'),
  needsTerminal: say('This needs a terminal on both ends of the command.', '该命令需要在终端中运行。'),
  sessionEnded: say('The session with {name} was ended: {reason}.', '与 {name} 的会话已结束：{reason}。'),
  noSshProgram: say('There is no program "ssh" on this machine.', '本机没有 ssh 程序。'),
  nothingRuns: say('Nothing runs that could be reached.', '没有正在运行、可连接的资源。'),
  watching: say('{at} · every {seconds} s · Ctrl-C ends', '{at} · 每 {seconds} 秒刷新 · 按 Ctrl-C 结束'),
  watchingEvents: say(
    '{at} · when something changes, else every {seconds} s · Ctrl-C ends',
    '{at} · 有变化即刷新，否则每 {seconds} 秒 · 按 Ctrl-C 结束',
  ),
  streamSilent: say('the stream fell silent', '事件流无响应'),
  streamLost: say('{reason}; the stream goes on in {seconds} s where it was', '{reason}；{seconds} 秒后从断点续传'),
  streamGap: say(
    'Events older than 30 days are gone: some may be missing here.',
    '超过 30 天的事件已清除，此处可能有缺失。',
  ),
  queued: say(
    'Waiting, place {place}: likely to start at {likely} (between {from} and {to}). {why}',
    '排队第 {place} 位，预计 {likely} 启动（{from} 至 {to}）。{why}',
  ),
  queuedWithout: say('Waiting, place {place}. {why}', '排队第 {place} 位。{why}'),
  waitInterrupted: say(
    `It goes on without you.
  Go on watching: suan show {resource} --watch
  Take it back:   suan terminate {resource}`,
    `操作会继续进行。
  继续查看：suan show {resource} --watch
  释放：    suan terminate {resource}`,
  ),
  requestInterrupted: say(
    'Ended before the answer: it may have been carried out. Look before you repeat it, or repeat it with --idempotency-key {key}',
    '在收到响应前中断，请求可能已执行。请先查看，或用 --idempotency-key {key} 重试。',
  ),
  statusPending: say('pending', '待处理'),
  statusRunning: say('running', '进行中'),
  badProfileName: say(
    '"{name}" is no name for a profile: letters, digits, dots, dashes and underscores, at most 63.',
    '"{name}" 不能作为配置名称：仅限字母、数字、点、横线与下划线，最多 63 个字符。',
  ),
  profileExists: say(
    'There is a profile {name} already; "suan profile set {name}" changes it.',
    '配置 {name} 已存在；可用 "suan profile set {name}" 修改。',
  ),
  profileAdded: say('Added the profile {name}.', '已添加配置 {name}。'),
  profileChanged: say('Changed the profile {name}.', '已修改配置 {name}。'),
  profileUsed: say('The current profile is {name}.', '当前配置为 {name}。'),
  profileRemoved: say(
    'Removed the profile {name} from this machine. A key of it holds until it is revoked.',
    '已从本机删除配置 {name}。其中的密钥在吊销前仍然有效。',
  ),
  wantsId: say(
    '{flag} wants an id like {prefix}…, not "{given}".',
    '{flag} 应为 {prefix}… 形式的 ID，而不是 "{given}"。',
  ),
  noHelp: say(
    'There is no command or topic "{given}"; topics: {values}.',
    '没有命令或主题 "{given}"；可用主题：{values}。',
  ),
  badShell: say('completion knows bash, zsh and fish, not "{given}".', '仅支持 bash、zsh 和 fish，不支持 "{given}"。'),
  seeHelp: say('See: {command} --help', '查看帮助：{command} --help'),
  network: say('Cannot reach {url}: {reason}.', '无法连接 {url}：{reason}。'),
  networkHint: say(
    'Is the API running there? Set SUANXIANG_API_URL or --api-url.',
    'API 是否在该地址运行？可设置 SUANXIANG_API_URL 或 --api-url。',
  ),
  timedOut: say('no answer within {seconds} s', '{seconds} 秒内没有响应'),
  retrying: say('{reason}; trying again in {seconds} s', '{reason}；{seconds} 秒后重试'),
  requestId: say('request {id}', '请求编号 {id}'),
  empty: say('Nothing here.', '没有内容。'),
  hiddenColumns: say('Not shown: {names} (wider terminal, or --json)', '未显示：{names}（加宽终端或使用 --json）'),
  more: say('More: --cursor {cursor}, or --all', '还有更多：--cursor {cursor}，或 --all'),
  done: say('Done.', '已完成。'),
  saved: say('Saved {file} ({bytes} bytes).', '已保存 {file}（{bytes} 字节）。'),
  wouldWork: say('This would be accepted. Nothing was created.', '该请求可以被接受，未创建任何资源。'),
  waitTimedOut: say(
    'Still {state} after {seconds} s; it goes on without you: suan operations get {id}',
    '{seconds} 秒后仍为 {state}，操作会继续进行：suan operations get {id}',
  ),
  operationFailed: say('The operation failed: {reason}', '操作失败：{reason}'),
  operationSuperseded: say('Another request took over: the operation was superseded.', '操作已被新的请求取代。'),
  operation: say('{kind}: {status}', '{kind}：{status}'),
  yes: say('yes', '是'),
  no: say('no', '否'),
} as const;

export type MessageKey = keyof typeof MESSAGES;
/** Says a sentence in the person's language. */
export type Say = (key: MessageKey, values?: Record<string, string | number>) => string;

/** A Say for one language. */
export function speak(locale: Locale): Say {
  return (key, values = {}) =>
    inLocale(MESSAGES[key], locale).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
