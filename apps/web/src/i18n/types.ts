import type { Locale } from '@suanxiang/domain/locale';
import type { en } from './en';

export type Messages = typeof en;

declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
