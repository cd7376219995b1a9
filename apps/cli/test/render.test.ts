import { describe, expect, it } from 'vitest';
import { layOut } from '../src/render/table';
import { displayWidth, truncate, wrap } from '../src/render/width';
import { runCli } from './harness';

const instances = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `inst_${String(index).padStart(26, '0')}`,
    name: `trainer-with-a-long-name-${index}`,
    state: index % 2 ? 'running' : 'failed',
    accelerator_id: 'cambricon-mlu590-80g',
    gpus: 8,
    region_id: 'ap-southeast',
    price_per_gpu_hour: '10.00',
    currency: 'CNY',
    created_at: '2026-11-24T10:03:22.000Z',
  }));
const list = { status: 200, json: { items: instances(3), next_cursor: null } };

describe('tables on terminals', () => {
  it.each([
    ['en', 60],
    ['en', 80],
    ['en', 120],
    ['zh-CN', 60],
    ['zh-CN', 80],
    ['zh-CN', 120],
  ] as const)('are never wider than the terminal, and ids never cut: %s, %i', async (locale, columns) => {
    const result = await runCli('instances list', { answers: [list], locale, columns });
    const lines = result.out.trimEnd().split('\n');
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
    expect(result.out).toContain(list.json.items[0]!.id);
    expect(result.out).toMatch(columns === 120 ? /10:03Z|未显示|Not shown/ : /未显示|Not shown/);
  });

  it('are whole where output goes to a file, whatever the colours', async () => {
    const result = await runCli('instances list', { answers: [list], columns: null });
    expect(result.out).toContain('trainer-with-a-long-name-2');
    expect(result.out).toContain('2026-11-24 10:03:22Z');
    expect(result.out).not.toContain('Not shown');
  });

  it('inside a record have the columns that their items have', async () => {
    const json = { world_size: 16, nodes: [{ rank: 0, host: 'n-7', first_process: 0, device_indexes: [4, 5] }] };
    const id = 'clus_01m8ad4kh2fnt849y9hf36vpr7';
    const result = await runCli(`clusters rendezvous ${id}`, { answers: [{ status: 200, json }], columns: null });
    expect(result.out).toMatch(/^RANK +HOST +FIRST PROCESS +DEVICE INDEXES$/m);
    expect(result.out).toMatch(/^ *0 +n-7 +0 +4, 5$/m);
    const cluster = { status: 200, json: { id, nodes: [{ rank: 0, node: 'n-7', gpus: 8, state: 'running' }] } };
    const of = await runCli(`clusters get ${id}`, { answers: [cluster], columns: null });
    expect(of.out).toMatch(/^RANK +NODE +GPUS +STATE$/m);
  });

  it('stand in the same columns with colours and without, in both languages', async () => {
    for (const locale of ['en', 'zh-CN'] as const) {
      const plain = await runCli('instances list', { answers: [list], locale, columns: 120 });
      const coloured = await runCli('instances list', { answers: [list], locale, columns: 120, color: true });
      expect(coloured.out).toContain('\u001b[32m');
      expect(coloured.out.replace(/\p{Cc}\[[0-9;]*m/gu, '').replace(/ +$/gm, '')).toBe(plain.out);
    }
  });

  it('drop minor columns before they cut what people read, and keep two at any width', () => {
    const columns = ['a', 'b', 'c', 'd'].map((title, index) => ({
      title,
      align: 'left' as const,
      flexible: index === 1,
      minor: index === 2,
    }));
    const rows = [['id-0123456789', 'a name of twenty-two c', 'minor', 'last']];
    expect(layOut(columns, rows, { limit: 60 }).hidden).toEqual([]);
    expect(layOut(columns, rows, { limit: 45 })).toMatchObject({ hidden: ['c'] });
    expect(layOut(columns, rows, { limit: 45 }).text).toContain('a name of twenty-two c');
    expect(layOut(columns, rows, { limit: 35 }).text).toContain('  a name of twe…  last');
    expect(layOut(columns, rows, { limit: 5 }).hidden).toEqual(['c', 'd']);
  });
});

describe('widths', () => {
  it('do not count colours, and a cut keeps their ends', () => {
    const text = '\u001b[32m运行中\u001b[0m ok';
    expect(displayWidth(text)).toBe(9);
    expect(truncate(text, 5)).toBe('\u001b[32m运行…\u001b[0m');
    expect(truncate(text, 9)).toBe(text);
  });

  it('wrap at spaces and between Chinese characters, with no line that begins with a stop', () => {
    expect(wrap('one two three', 7)).toBe('one two\nthree');
    expect(wrap('等待加速卡，预计启动', 12)).toBe('等待加速卡，\n预计启动');
    expect(wrap('short', 80)).toBe('short');
  });
});
