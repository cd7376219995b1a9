'use client';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { PriceEffect } from '@/api/types';
import { useFormat } from '@/lib/use-format';
import { Head, Table, Td, Th, Tr } from '@/ui/table';

export interface EffectRow {
  key: string;
  name: string;
  href?: string;
  effect: PriceEffect;
}

/** What real usage cost, what it would have cost, and the difference; `head` names what the rows are. */
export function EffectTable({ label, head, rows }: { label: string; head: string; rows: readonly EffectRow[] }) {
  const t = useTranslations('operatorBilling');
  const format = useFormat();
  return (
    <Table label={label}>
      <Head>
        <Th>{head}</Th>
        <Th align="right">{t('before')}</Th>
        <Th align="right">{t('after')}</Th>
        <Th align="right">{t('differenceOf')}</Th>
      </Head>
      <tbody>
        {rows.map(({ key, name, href, effect }) => (
          <Tr key={key}>
            <Td className="font-medium">
              {href ? (
                <Link href={href} className="hover:underline">
                  {name}
                </Link>
              ) : (
                name
              )}
            </Td>
            <Td align="right" className="tnum text-muted">
              {format.money(effect.before)}
            </Td>
            <Td align="right" className="tnum">
              {format.money(effect.after)}
            </Td>
            <Td align="right" className="tnum font-medium">
              {format.money(effect.difference)}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
