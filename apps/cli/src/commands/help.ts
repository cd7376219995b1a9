import { type Bilingual, inLocale, type Locale } from '@suanxiang/domain/locale';
import type { Command } from 'commander';
import { EXIT_CODES, UsageError } from '../exit-codes';
import type { Io } from '../io';
import type { Say } from '../messages';
import { renderPairs } from '../render/table';

const text = (en: string, zh: string): Bilingual => ({ en, zh });

/** Environment variables that the command line reads, for `suan help environment` and the reference. */
export const ENVIRONMENT: readonly { name: string; meaning: Bilingual }[] = [
  {
    name: 'SUANXIANG_API_KEY',
    meaning: text('API key; no config file is needed then', 'API 密钥；设置后无需配置文件'),
  },
  { name: 'SUANXIANG_API_URL', meaning: text('address of the API', 'API 地址') },
  { name: 'SUAN_PROFILE', meaning: text('profile of the config file', '使用的配置名称') },
  { name: 'SUAN_ORG', meaning: text('organization: id or short name', '组织：ID 或短名称') },
  {
    name: 'SUAN_PROJECT',
    meaning: text('project id for workloads and the queue', '工作负载与队列命令的项目 ID'),
  },
  {
    name: 'SUAN_LANG',
    meaning: text('en or zh-CN; else LC_ALL, LC_MESSAGES, LANG', 'en 或 zh-CN；否则取 LC_ALL、LC_MESSAGES、LANG'),
  },
  { name: 'SUAN_OUTPUT', meaning: text('table or json', 'table 或 json') },
  { name: 'NO_COLOR', meaning: text('no colours; FORCE_COLOR: always', '禁用颜色；FORCE_COLOR 则始终启用') },
  { name: 'XDG_CONFIG_HOME', meaning: text('folder of suan/config.json', 'suan/config.json 所在目录') },
  { name: 'XDG_CACHE_HOME', meaning: text('folder of names for completion', '补全名称缓存目录') },
  { name: 'XDG_STATE_HOME', meaning: text('folder of known host keys', '已知主机密钥目录') },
];

/** What counts when a value is given in several places. */
export const PRECEDENCE = text(
  `An option wins over everything. A profile named with --profile wins over the environment; otherwise the environment wins
over the profile of SUAN_PROFILE, or over the current one. Credentials of a profile are sent to its own address only.`,
  `命令行选项优先于一切。用 --profile 指定的配置优先于环境变量；否则环境变量优先于 SUAN_PROFILE 指定的配置或当前配置。
配置中的凭据只会发送到其自身的 API 地址。`,
);

const OUTPUT = text(
  `Tables and records are for people and may change. --json is the answer of the API as it stands, and stays as the API
promises. With --json, problems are JSON on standard error, --watch prints one line of JSON for each item that changed,
and "suan events --follow" one for each event. Progress, hints and errors go to standard error; answers to standard output.`,
  `表格与记录供人阅读，格式可能变化。--json 输出 API 的原始返回，遵循 API 的兼容承诺。使用 --json 时，错误以 JSON
写入标准错误；--watch 对每个变化的条目输出一行 JSON；"suan events --follow" 每个事件输出一行。
进度、提示与错误写入标准错误，结果写入标准输出。`,
);

/** Texts of `suan help TOPIC`. */
const TOPICS: Record<string, (locale: Locale) => string> = {
  'exit-codes': (locale) =>
    renderPairs(EXIT_CODES.map(({ code, meaning }) => [String(code), inLocale(meaning, locale)])),
  environment: (locale) =>
    `${renderPairs(ENVIRONMENT.map(({ name, meaning }) => [name, inLocale(meaning, locale)]))}\n${inLocale(PRECEDENCE, locale)}\n`,
  output: (locale) => `${inLocale(OUTPUT, locale)}\n`,
};

/** `suan help`: of the program, of a command, or a topic. Throws UsageError for what is neither. */
export function helpOn(
  program: Command,
  words: string[],
  { io, locale, say }: { io: Io; locale: Locale; say: Say },
): void {
  const topic = TOPICS[words.join('-')];
  if (topic) {
    io.out(topic(locale));
    return;
  }
  let command = program;
  for (const word of words) {
    const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!child) {
      const values = Object.keys(TOPICS).join(', ');
      throw new UsageError(say('noHelp', { given: words.join(' '), values }));
    }
    command = child;
  }
  io.out(command.helpInformation());
}
