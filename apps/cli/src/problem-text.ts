import type { Problem } from '@suanxiang/contract/schemas/problem';
import { ERROR_CATALOGUE, type ErrorCode } from '@suanxiang/domain/errors';
import { inLocale, type Locale } from '@suanxiang/domain/locale';
import { flagName, positionalName } from './flags';
import type { Say } from './messages';
import { renderList } from './render/render';

/**
 * A problem document as text: one sentence with its code, one line per wrong field named as on the command line, what
 * could be had instead, what would be right, and the request id.
 */
export function problemText(problem: Problem, locale: Locale, say: Say): string {
  const entry = ERROR_CATALOGUE[problem.code as ErrorCode];
  const title = locale === 'zh-CN' && entry ? inLocale(entry.title, locale) : problem.title;
  const separator = locale === 'zh-CN' ? '：' : ': ';
  const lines = [`${title}${problem.detail ? separator + problem.detail : ''} [${problem.code}]`];
  for (const field of problem.errors ?? []) lines.push(`  ${fieldName(field.pointer)}${separator}${field.detail}`);
  const { alternatives } = problem;
  if (Array.isArray(alternatives) && alternatives.length > 0)
    lines.push(
      ...renderList(undefined, alternatives, { locale, say })
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    );
  if (problem.suggestion) lines.push(`  → ${problem.suggestion}`);
  if (problem.request_id) lines.push(`  ${say('requestId', { id: problem.request_id })}`);
  return lines.join('\n');
}

/** `/body/ssh_key_ids/0` -> `--ssh-key-ids[0]`, `/path/instance_id` -> `<instance-id>`, others stay pointers. */
export function fieldName(pointer: string): string {
  const [, place, field, ...rest] = pointer.split('/');
  if (!place || !field) return pointer;
  const tail = rest.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  if (place === 'path') return `<${positionalName(field)}>`;
  return place === 'body' || place === 'query' ? flagName(field) + tail : pointer;
}
