import { listProblems } from '@suanxiang/services/problem';

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** The error catalogue as a page in both languages: what the `type` of a problem document points to. */
export function problemsPage(): string {
  const rows = listProblems().map(
    ({ code, status, retryable, title }) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${retryable ? 'yes / 是' : 'no / 否'}</td>` +
      `<td>${escaped(title.en)}</td><td lang="zh-CN">${escaped(title.zh)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Problems - Suanxiang Cloud API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.4rem .6rem;text-align:left}
tr:target{background:#fff3c4}
</style>
<h1>Problems · 错误目录</h1>
<p>Every failed request answers <code>application/problem+json</code> with one of these codes. Retryable: the same request
may succeed later.</p>
<table><thead><tr><th>code</th><th>HTTP</th><th>retryable</th><th>English</th><th>中文</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
`;
}
