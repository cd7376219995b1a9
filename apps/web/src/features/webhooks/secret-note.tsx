'use client';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { DialogActions } from '@/ui/dialog';
import { Notice } from '@/ui/notice';

/** A signing secret, shown this once, with how to use it. */
export function SecretNote({ secret, onStored }: { secret: string | null; onStored: () => void }) {
  const t = useTranslations('webhooks');
  return (
    <>
      <Notice tone="warning">{secret ? t('secretOnce') : t('secretGone')}</Notice>
      {secret && <CodeBlock code={secret} label={t('copySecret')} className="mt-4" wrap />}
      <p className="mt-4 text-muted text-sm">{t('verify')}</p>
      <CodeBlock
        code={
          "import { Webhook } from 'standardwebhooks';\nconst event = new Webhook(secret).verify(rawBody, headers);"
        }
        label={t('copyCode')}
        className="mt-2"
      />
      <DialogActions>
        <Button variant="primary" onClick={onStored}>
          {t('stored')}
        </Button>
      </DialogActions>
    </>
  );
}
