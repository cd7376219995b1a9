import { createPdfRenderer } from '@suanxiang/metering/invoices/pdf-renderer';
import type { MailConfig } from '@suanxiang/platform/config';
import type { Provisioner } from '@suanxiang/provisioner/context';
import { warnExpiringKeys } from '@suanxiang/services/api-key/warn-expiring-keys';
import { invoicePrinter } from '@suanxiang/services/mail/invoice-paper';
import { pruneMails, sendMails } from '@suanxiang/services/mail/send-mails';
import { createSmtpTransport } from '@suanxiang/services/mail/transport';
import type { Timers } from './timers';

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Sends queued mails by SMTP, or keeps them for the operator to read where there is no mail server. */
export function startMails(ctx: Provisioner, timers: Timers, config: MailConfig, webUrl: string) {
  const { smtpUrl } = config;
  const transport = smtpUrl === null ? null : createSmtpTransport({ ...config, smtpUrl });
  const pdf = createPdfRenderer();
  const print = invoicePrinter(ctx.db, pdf);
  timers.every('send-mails', SECOND, () => sendMails(ctx.db, transport, print), SECOND);
  timers.every('prune-mails', HOUR, () => pruneMails(ctx.db), HOUR);
  timers.every('warn-expiring-keys', HOUR, () => warnExpiringKeys(ctx.db, webUrl, ctx.clock.nowMs()), SECOND);
  return {
    async close() {
      transport?.close();
      await pdf.close();
    },
  };
}
