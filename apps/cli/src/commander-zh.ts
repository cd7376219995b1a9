/** Commander speaks English only; these are its sentences and titles in Chinese. */
const TITLES: Record<string, string> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

const ERRORS: readonly [RegExp, string][] = [
  [/^error: unknown option '(.+?)'/m, "suan: 未知选项 '$1'"],
  [/^error: unknown command '(.+?)'/m, "suan: 未知命令 '$1'"],
  [/^error: missing required argument '(.+?)'/m, "suan: 缺少参数 '$1'"],
  [/^error: option '(.+?)' argument missing/m, "suan: 选项 '$1' 缺少值"],
  [
    /^error: too many arguments(?: for '(.+?)')?\. Expected (\d+) arguments? but got (\d+)[\s\S]*?$/m,
    'suan: 参数过多：应为 $2 个，实际 $3 个',
  ],
  [/\(Did you mean (?:one of )?(.+?)\?\)/, '（是否想输入 $1？）'],
];

/** A help title in Chinese. */
export function translateHelpTitle(title: string): string {
  return TITLES[title] ?? title;
}

/** A usage error of commander in Chinese; unknown sentences stay as they are. */
export function translateUsageError(text: string): string {
  return ERRORS.reduce((out, [pattern, chinese]) => out.replace(pattern, chinese), text);
}
