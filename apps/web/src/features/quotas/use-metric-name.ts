'use client';
import { useTranslations } from 'next-intl';

/** A quota's name for people: `accelerators:nvidia` -> "Accelerators: nvidia". */
export function useMetricName(): (metric: string) => string {
  const t = useTranslations('quotas');
  return (metric) => {
    const [base = '', kind] = metric.split(':');
    const key = `metrics.${base}` as Parameters<typeof t>[0];
    const name = t.has(key) ? t(key) : base;
    return kind ? t('ofVendor', { metric: name, vendor: kind }) : name;
  };
}
