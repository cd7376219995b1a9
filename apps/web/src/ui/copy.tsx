'use client';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { cx } from '@/lib/cx';
import { Check, Copy } from '@/ui/icons';

/** A button that copies text and says that it did. */
export function CopyButton({ text, label, className }: { text: string; label?: string; className?: string }) {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? t('copied') : (label ?? t('copy'));
  return (
    <button
      type="button"
      className={cx(
        'inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-subtle hover:bg-hover hover:text-content',
        className,
      )}
      aria-label={name}
      title={name}
      onClick={() => {
        void copyText(text).then(setCopied);
      }}
    >
      {copied ? <Check className="size-3.5 text-success" /> : <Copy className="size-3.5" />}
      <span className="sr-only" aria-live="polite">
        {copied ? t('copied') : ''}
      </span>
    </button>
  );
}

/** Copies text; true when it worked. The clipboard API needs a secure context, so plain http falls back to a selection. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
