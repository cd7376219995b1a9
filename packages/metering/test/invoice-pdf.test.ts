import { invoicePdf } from '@suanxiang/metering/invoices/pdf';
import { breakable, grouped, moneyText, offsetText, percentText } from '@suanxiang/metering/invoices/print/format';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pdfPages } from './support/pdf-text';
import { sampleInvoice } from './support/sample-invoice';

/** Letters only: where lines wrap is the layout's business. */
const squeeze = (text: string) => text.replace(/\s+/g, '');
const textOf = async (...args: Parameters<typeof invoicePdf>) =>
  squeeze((await invoicePdf(...args).then(pdfPages)).join(''));

describe('the printed invoice', () => {
  test('in Chinese says who, what, when and how much', async () => {
    const invoice = sampleInvoice('CNY', 3);
    const text = await textOf(invoice, 'zh-CN');
    for (const expected of [
      '账单',
      'SXCN-2026-000017',
      '算想云（北京）科技有限公司',
      '星河智能科技（北京）有限公司',
      '91110105MA7XHZN21B',
      '2026-10-01 00:00:00',
      '2026-11-01 00:00:00',
      'Asia/Shanghai (UTC+08:00)',
      '集群 书生·浦语 预训练，节点 1/4，英伟达 H100 SXM 80GB × 8',
      '多模态大模型对齐实验（第三阶段·奖励模型重训）长名称换行',
      '未交付、未计费：1,277 秒（主机失联）',
      'gpu.ascend-910b3-64g.cn-north',
      '8 卡 × 86,400 秒 × 6.84',
      '7,444.65',
      moneyText(invoice.totalMinor, 'CNY'),
      '已付清',
      invoice.digest!,
      '第 1 页，共 1 页',
    ]) {
      expect(text).toContain(squeeze(expected));
    }
    expect(text).not.toContain('\ufffd');
  });

  test('in English shows what is still due, and Chinese names as they are', async () => {
    const { totalMinor } = sampleInvoice('USD', 2);
    const invoice = sampleInvoice('USD', 2, {
      paidMinor: 100_000n,
      dueMinor: totalMinor - 100_000n,
      taxRatePpm: 90_000,
      taxMinor: 0n,
    });
    const text = await textOf(invoice, 'en');
    for (const expected of [
      'Invoice',
      'Northwind Robotics Pte. Ltd.',
      'Partly paid',
      moneyText(totalMinor - 100_000n, 'USD'),
      '−$1,000.00',
      'Tax (9 %)',
      'Cluster 书生·浦语 预训练, node 1/4',
      'Not delivered, not billed: 1,277 s (host unreachable)',
      'see below',
      `suan invoices evidence ${invoice.id} --key ${invoice.lines[0]!.key}`,
    ]) {
      expect(text).toContain(squeeze(expected));
    }
  });

  test('a draft and a test document say what they are', async () => {
    const draft = sampleInvoice('USD', 1, { id: 'draft', number: null, status: 'draft', issuedS: null, digest: null });
    const text = await textOf(draft, 'en');
    expect(text).toContain(squeeze('Not an invoice; no payment is due on it.'));
    expect(text).not.toContain('SHA-256');
    const closing = sampleInvoice('USD', 1, {
      ...draft,
      id: 'closing-1',
      status: 'closing',
      finalS: draft.toS + 86_400,
    });
    expect(await textOf(closing, 'en')).toContain(squeeze('Usage that arrives late still counts until 2026-'));
    expect(await textOf(closing, 'zh-CN')).toContain('届时账单定稿');
    const sandbox = sampleInvoice('CNY', 0, { number: 'TEST-SXCN-2026-000001' });
    const sandboxText = await textOf(sandbox, 'zh-CN');
    expect(sandboxText).toContain('沙箱组织的测试文件');
    expect(sandboxText).toContain('本账期没有用量');
  });

  test('a long one repeats head and foot on each page, keeps every line and the totals at the end', async () => {
    const invoice = sampleInvoice('CNY', 30);
    const pdf = await invoicePdf(invoice, 'en');
    const pages = pdfPages(pdf).map(squeeze);
    expect(pages.length).toBeGreaterThan(3);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(squeeze(`Page ${index + 1} of ${pages.length}`));
      expect(page).toContain('SXCN-2026-000017');
    }
    for (const page of pages.filter((text) => text.includes('3fa2c1b07d5e9648'))) {
      expect(page).toContain(squeeze('Price / GPU-hour'));
    }
    const lines = pages.join('').split('3fa2c1b07d5e9648').length - 1;
    expect(lines).toBe(30);
    expect(pages.slice(-2).join('')).toContain(`Total${moneyText(invoice.totalMinor, 'CNY')}`);
    // Glyphs that are used, not the fonts of 10 MB each.
    expect(pdf.length).toBeLessThan(300_000);
  });
});

describe('words and figures', () => {
  test('a word keeps all its letters wherever it may be broken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (word) => {
        expect(breakable(word).join('')).toBe(word);
      }),
    );
    expect(breakable('大模型（第三阶段）训练')).toEqual([
      '大',
      '',
      '模',
      '',
      '型',
      '',
      '（第',
      '',
      '三',
      '',
      '阶',
      '',
      '段）',
      '',
      '训',
      '',
      '练',
    ]);
    expect(breakable('#12-01')).toEqual(['#12-01']);
    expect(breakable('gpu.nvidia-h100-80g.cn-north').filter(Boolean)).toEqual([
      'gpu.',
      'nvidia-',
      'h100-',
      '80g.',
      'cn-',
      'north',
    ]);
  });

  test('figures are grouped and exact', () => {
    expect(grouped('9007199254740993.01')).toBe('9,007,199,254,740,993.01');
    expect(grouped('-1234')).toBe('-1,234');
    expect(moneyText(-5n, 'USD')).toBe('−$0.05');
    expect(moneyText(1_234_567n, 'KWD')).toBe('KWD 1,234.567');
    expect(moneyText(1_234n, 'JPY')).toBe('¥1,234');
    expect([0, 60_000, 65_000, 1_000_000].map(percentText)).toEqual(['0', '6', '6.5', '100']);
  });

  test('offsets follow the zone at that instant', () => {
    const at = (iso: string) => Date.parse(iso) / 1000;
    expect(offsetText(at('2026-10-01T00:00:00Z'), 'America/New_York')).toBe('UTC−04:00');
    expect(offsetText(at('2026-12-01T00:00:00Z'), 'America/New_York')).toBe('UTC−05:00');
    expect(offsetText(at('2026-12-01T00:00:00Z'), 'Asia/Kathmandu')).toBe('UTC+05:45');
  });
});
