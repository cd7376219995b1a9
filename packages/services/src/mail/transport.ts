import type { Buffer } from 'node:buffer';
import type { MailConfig } from '@suanxiang/platform/config';
import { createTransport } from 'nodemailer';

/** A file that goes with a mail. */
export interface MailAttachment {
  filename: string;
  contentType: string;
  content: Buffer;
}

/** A mail on its way out. */
export interface OutgoingMessage {
  /** The same at every attempt, so that a receiver that got it twice shows it once. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments: MailAttachment[];
}

/** Hands mails to a mail server. Throws when it did not take one. */
export interface MailTransport {
  send(message: OutgoingMessage): Promise<void>;
  close(): void;
}

/** How long a silent mail server is waited for. */
const PATIENCE_MS = 15_000;

/** A transport over SMTP. Nothing of a mail may name a file or an address to be read. */
export function createSmtpTransport({ smtpUrl, from }: MailConfig & { smtpUrl: string }): MailTransport {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message) {
      await transport.sendMail({
        from,
        ...message,
        to: { name: '', address: message.to },
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}
