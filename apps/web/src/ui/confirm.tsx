'use client';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { ErrorNotice } from './problem';

interface ConfirmProps {
  title: string;
  children: ReactNode;
  action: string;
  danger?: boolean;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back, and says what it means. */
export function Confirm({ title, children, action, danger = true, busy, error, onConfirm, onClose }: ConfirmProps) {
  const t = useTranslations('common');
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title}>
      <div className="text-muted text-sm">{children}</div>
      {error !== null && error !== undefined && <ErrorNotice error={error} className="mt-4" />}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button variant={danger ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
