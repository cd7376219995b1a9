/** Script of the interactive reference: filters operations, writes the request as curl, sends it. Runs in the browser. */
export const REFERENCE_SCRIPT = `
'use strict';
const field = (id) => document.getElementById(id).value.trim();
const quoted = (text) => "'" + text.replace(/'/g, "'\\\\''") + "'";

function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll('input[data-in]')) {
    const value = input.value.trim();
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(value));
    else if (value !== '') query.set(input.name, value);
  }
  const headers = {};
  const key = field('credential');
  if (key && form.dataset.public !== 'true') headers.Authorization = 'Bearer ' + key;
  const organization = field('organization');
  if (organization) headers['Organization-Id'] = organization;
  if (form.dataset.idempotent === 'true') headers['Idempotency-Key'] = form.dataset.key;
  const area = form.querySelector('textarea');
  if (area) headers['Content-Type'] = 'application/json';
  const search = query.toString();
  return { method: form.dataset.method, url: search ? path + '?' + search : path, headers, body: area ? area.value : undefined };
}

function curlOf({ method, url, headers, body }) {
  const lines = ['curl -X ' + method + ' ' + quoted(location.origin + url)];
  for (const [name, value] of Object.entries(headers)) {
    const shown = name === 'Authorization' ? 'Bearer $SUAN_API_KEY' : value;
    lines.push('-H "' + name + ': ' + shown + '"');
  }
  if (body !== undefined) lines.push('-d ' + quoted(body));
  return lines.join(' \\\\\\n  ');
}

async function send(form) {
  form.dataset.key = form.dataset.key || crypto.randomUUID();
  const request = requestOf(form);
  const output = form.querySelector('output');
  const show = (title, text) => {
    output.replaceChildren();
    const heading = document.createElement('h3');
    heading.textContent = title;
    const pre = document.createElement('pre');
    pre.textContent = text;
    output.append(heading, pre);
  };
  try {
    const { method, url, headers, body } = request;
    const response = await fetch(url, { method, headers, body, credentials: 'omit' });
    const type = response.headers.get('content-type') || '';
    const text = type.includes('json') ? JSON.stringify(await response.json(), null, 2) : type + ' ' + (await response.arrayBuffer()).byteLength + ' bytes';
    const id = response.headers.get('x-request-id');
    show(response.status + ' ' + response.statusText + ' - ' + id, text);
    // A new request is a new deed; only a failure is repeated under its key.
    if (response.ok) delete form.dataset.key;
  } catch (error) {
    show('Not sent', String(error));
  }
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  send(event.target);
});
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-curl]');
  if (!button) return;
  const form = button.closest('form');
  form.dataset.key = form.dataset.key || crypto.randomUUID();
  const pre = document.createElement('pre');
  pre.textContent = curlOf(requestOf(form));
  form.querySelector('output').replaceChildren(pre);
});
document.getElementById('filter').addEventListener('input', () => {
  const wanted = field('filter').toLowerCase();
  for (const one of document.querySelectorAll('details')) one.hidden = !one.dataset.words.includes(wanted);
  for (const section of document.querySelectorAll('section')) section.hidden = !section.querySelector('details:not([hidden])');
});
if (location.hash.startsWith('#op-')) {
  const target = document.getElementById(location.hash.slice(1));
  if (target) target.open = true;
}
`;
