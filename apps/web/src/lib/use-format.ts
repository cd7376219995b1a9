'use client';
import type { Locale } from '@suanxiang/domain/locale';
import { useLocale } from 'next-intl';
import { createContext, useContext, useMemo } from 'react';
import * as format from './format';

/** The time zone in which this part of the page shows times: the account's, or UTC outside of one. */
export const TimeZoneContext = createContext('UTC');

/** The formatters of lib/format, bound to the present language and the account's time zone. */
export function useFormat() {
  const locale = useLocale() as Locale;
  const timeZone = useContext(TimeZoneContext);
  return useMemo(
    () => ({
      locale,
      timeZone,
      money: (amount: format.Amount) => format.formatMoney(amount, locale),
      price: (amount: string, currency: string, maxPlaces?: number, minPlaces?: number) =>
        format.formatPrice(amount, currency, locale, maxPlaces, minPlaces),
      count: (value: number | string, places?: number) => format.formatCount(value, locale, places),
      percent: (ppm: number, places?: number) => format.formatPpm(ppm, locale, places),
      bytes: (bytes: number) => format.formatBytes(bytes, locale),
      duration: (seconds: number) => format.formatDuration(seconds, locale),
      seconds: (seconds: number) => format.formatSeconds(seconds, locale),
      date: (at: string | number, style: format.DateStyle) => format.formatDate(at, style, locale, timeZone),
      ago: (secondsAgo: number) => format.formatAgo(secondsAgo, locale),
      text: (bilingual: { en: string; zh: string }) => (locale === 'zh-CN' ? bilingual.zh : bilingual.en),
    }),
    [locale, timeZone],
  );
}
