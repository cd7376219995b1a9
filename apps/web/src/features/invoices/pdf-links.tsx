'use client';
import type { Locale } from '@suanxiang/domain/locale';
import { useTranslations } from 'next-intl';
import { buttonClass } from '@/ui/button-class';
import { Download } from '@/ui/icons';

const LANGUAGES = [
  { locale: 'en', language: 'English' },
  { locale: 'zh-CN', language: '中文' },
] as const;

/** A paper as a PDF, in each language. `name` is what the file is called. */
export function PdfLinks({ pathOf, name }: { pathOf: (locale: Locale) => string; name: string }) {
  const t = useTranslations('invoices');
  return LANGUAGES.map(({ locale, language }) => (
    <a
      key={locale}
      href={pathOf(locale)}
      hrefLang={locale}
      download={`${name}-${locale}.pdf`}
      className={buttonClass()}
    >
      <Download className="size-4" />
      {t('pdf', { language })}
    </a>
  ));
}
