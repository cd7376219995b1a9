import { ID_PREFIXES, type IdKind, idPattern } from '@suanxiang/domain/ids';

/** A JSON schema, as far as examples are made from it. */
export interface Shape {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  description?: string;
  items?: Shape;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: Shape | boolean;
  anyOf?: Shape[];
  allOf?: Shape[];
}

const KINDS = new Map((Object.keys(ID_PREFIXES) as IdKind[]).map((kind) => [idPattern(kind), kind]));

/** The kind of id that a text must be, the first one where several will do, or null. */
export function idKindOf(shape: Shape): IdKind | null {
  const [first = ''] = shape.pattern?.split('|') ?? [];
  return KINDS.get(first) ?? null;
}

const TIME = '2026-11-01T08:00:00.000Z';
const EPOCH_S = 1_793_520_000;
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH laptop';

/** Texts that say what a field is for, by the field's name. */
const TEXTS: Record<string, string> = {
  accelerator_id: 'nvidia-h100-80g',
  action: 'instance.create',
  actor: `user:${exampleId('user')}`,
  address: '1 Example Road, Singapore',
  agent_id: 'agent-1',
  amount: '100.00',
  api_version: '2026-11-01',
  auth_method: 'session',
  bank_account: '110060149018800000000',
  bank_name: '交通银行北京分行',
  batch_seq: '42',
  buyer_title: '示例科技（福建）有限公司',
  code: 'invalid_format',
  country: 'SG',
  coupon_code: 'SPRING-2026',
  created_by: `user:${exampleId('user')}`,
  current_etag: '"mH3bN0cV1xZ9aQ7wE5rT3yU1iO9"',
  device_code: 'Zm9yLWEtZGV2aWNlLXRoYXQtYXNrcy10by1zaWduLWk',
  user_code: 'BCDF-GHJK',
  totp_code: '123456',
  recovery_code: 'ab3de-7fghj',
  ticket: 'dGhlLXRpY2tldC1vZi10aGUtYW5zd2VyLWJlZm9yZS0',
  detail: 'Says what is wrong in this occurrence.',
  digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  display: 'sx_sk_test_8aZk...x91K',
  doc_url: 'https://api.example.com/problems#invalid_request',
  credit_limit: '1000.00',
  daily_max: '500.00',
  driver: 'simulated',
  email: 'li.lei@example.com',
  en: 'Running',
  event: 'created',
  fapiao_number: '26112000000012345678',
  fingerprint: 'SHA256:2nq0zPp9Zx1rVYb6o1xW0T6f3pQp7uJmQzq3x0m8kLs',
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  host: '203.0.113.10',
  image: 'suanxiang/pytorch:2.9',
  key: 'usage:example',
  kind: 'launch',
  leaf: 'leaf-1',
  legal_name: 'Example Pte. Ltd.',
  memo: 'Top-up',
  month: '2026-10',
  from_month: '2027-01',
  until_month: '2028-01',
  name: 'trainer',
  node: 'node-1',
  password: 'correct horse battery',
  phone: '0591-87654321',
  pointer: '/body/name',
  priority_class: 'normal',
  price: '18.36',
  public_key: PUBLIC_KEY,
  rack: 'rack-1',
  reference: 'SX-7K2M-4Q9P',
  redirect_url: 'https://pay.example.com/authorize',
  region_id: 'cn-north',
  request_id: exampleId('request'),
  return_url: 'https://console.example.com/billing',
  sku: 'gpu.nvidia-h100-80g.cn-north',
  slug: 'trainer',
  spine: 'spine-1',
  state: 'running',
  token: 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE',
  status: 'succeeded',
  step: 'boot',
  suggestion: 'Says what would be right.',
  threshold: '50.00',
  tax_id: '91350100M000100Y43',
  text: 'epoch 1: loss 2.31',
  time_zone: 'Asia/Singapore',
  title: 'The request is not valid',
  top_priority_class: 'normal',
  type: 'https://api.example.com/problems#invalid_request',
  url: 'https://hooks.example.com/suanxiang',
  user: 'root',
  vendor: 'nvidia',
  zh: '运行中',
  zone_id: 'cn-north-a',
};

/** An id of a kind that nothing has. */
export function exampleId(kind: IdKind): string {
  return `${ID_PREFIXES[kind]}_01kz8x5v2hfq9t3m7c4n6b8wde`;
}

export interface SampleOptions {
  /** Fields that may be left out, too; answers have all of them. */
  optional: boolean;
  /** Looks up `#/components/schemas/...`. */
  resolve?: (ref: string) => Shape;
}

/** A value that a schema takes and that means something, for examples and tests. */
export function sampleOf(shape: Shape, options: SampleOptions, name = ''): unknown {
  if (shape.$ref) return sampleOf(options.resolve?.(shape.$ref) ?? {}, options, name);
  if (shape.const !== undefined) return shape.const;
  if (shape.default !== undefined) return shape.default;
  if (shape.enum) return name === 'state' && shape.enum.includes('running') ? 'running' : shape.enum[0];
  const [either] = shape.anyOf ?? shape.allOf ?? [];
  if (either) return sampleOf(either, options, name);
  switch (Array.isArray(shape.type) ? shape.type[0] : shape.type) {
    case 'object':
      return sampleObject(shape, options);
    case 'array':
      return sampleList(shape, options, name);
    case 'integer':
    case 'number':
      return sampleNumber(shape, name);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return sampleText(shape, name);
  }
}

function sampleObject(shape: Shape, options: SampleOptions): Record<string, unknown> {
  const properties = Object.entries(shape.properties ?? {});
  if (properties.length === 0) return {};
  const required = new Set(shape.required ?? []);
  const shown = properties.filter(([name]) => options.optional || required.has(name));
  return Object.fromEntries(shown.map(([name, field]) => [name, sampleOf(field, options, name)]));
}

function sampleList(shape: Shape, options: SampleOptions, name: string): unknown[] {
  const count = Math.min(
    Math.max(shape.minItems ?? 0, options.optional ? 1 : 0),
    shape.maxItems ?? Number.POSITIVE_INFINITY,
  );
  return Array.from({ length: count }, () => sampleOf(shape.items ?? {}, options, name.replace(/s$/, '')));
}

function sampleNumber(shape: Shape, name: string): number {
  const wanted = name.endsWith('_s') ? EPOCH_S : 1;
  const least = shape.minimum ?? (shape.exclusiveMinimum === undefined ? wanted : shape.exclusiveMinimum + 1);
  return Math.min(Math.max(wanted, least), shape.maximum ?? Number.MAX_SAFE_INTEGER);
}

function sampleText(shape: Shape, name: string): string {
  const kind = idKindOf(shape);
  if (kind) return exampleId(kind);
  const known = TEXTS[name];
  if (known !== undefined && fits(shape, known)) return known;
  if (shape.format === 'date-time') return TIME;
  if (shape.format === 'date') return TIME.slice(0, 10);
  if (shape.format === 'email') return TEXTS.email!;
  if (shape.format === 'cidrv4') return '203.0.113.0/24';
  const candidates = ['example', '1', 'US', TIME, 'org_1', 'draft', 'instance.running', '2026-10-31'];
  return candidates.find((text) => fits(shape, text)) ?? '';
}

function fits({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Shape, text: string): boolean {
  const matches = pattern === undefined || new RegExp(pattern, 'u').test(text);
  return matches && text.length >= minLength && text.length <= maxLength;
}
