/** The companies that sell. Tax mode and rate are columns of the table; the default is no tax (docs/adr). */
export interface LegalEntity {
  id: string;
  name: string;
  address: string;
  taxId: string;
  /** Begins every invoice number of this seller. */
  series: string;
}

const CN = {
  name: '算想云（北京）科技有限公司 Suanxiang Cloud (Beijing) Technology Co., Ltd.',
  address: '北京市海淀区中关村东路 1 号院 8 号楼 12 层',
  taxId: '91110108MA01CLD08W',
};
const SG = {
  name: 'Suanxiang Cloud Pte. Ltd.',
  address: '1 Fusionopolis Way, #12-01 Connexis North, Singapore 138632',
  taxId: '202412345K',
};

/** A sandbox is never billed for real, so its documents must not take numbers of the real series. */
export const LEGAL_ENTITIES: readonly LegalEntity[] = [
  { id: 'le_cn', ...CN, series: 'SXCN' },
  { id: 'le_sg', ...SG, series: 'SXSG' },
  { id: 'le_cn_sandbox', ...CN, series: 'TEST-SXCN' },
  { id: 'le_sg_sandbox', ...SG, series: 'TEST-SXSG' },
];

/** Who sells to an account: CNY is invoiced in China, every other currency in Singapore. */
export function legalEntityIdOf(mode: 'live' | 'sandbox', currency: string): string {
  return `le_${currency === 'CNY' ? 'cn' : 'sg'}${mode === 'sandbox' ? '_sandbox' : ''}`;
}
