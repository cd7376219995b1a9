import { taxIdFault } from '@suanxiang/domain/tax-id';
import { LEGAL_ENTITIES, legalEntityIdOf } from '@suanxiang/metering/prices/legal-entities';
import { expect, test } from 'vitest';

test('the sellers have tax ids that pass the check buyers are held to', () => {
  for (const seller of LEGAL_ENTITIES) {
    const country = seller.id.startsWith('le_cn') ? 'CN' : 'SG';
    expect(taxIdFault(country, seller.taxId), seller.id).toBeNull();
  }
  expect(LEGAL_ENTITIES.map(({ id }) => id)).toContain(legalEntityIdOf('sandbox', 'CNY'));
});
