'use client';
import { useTranslations } from 'next-intl';
import { Button } from '@/ui/button';
import { CodeBlock } from '@/ui/code-block';
import { Dialog, DialogActions } from '@/ui/dialog';

/** Shows recovery codes, this once. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const t = useTranslations('account');
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('recovery')} description={t('recoveryShown')}>
      <CodeBlock code={codes.join('\n')} label={t('recovery')} />
      <DialogActions>
        <Button variant="primary" onClick={onClose}>
          {t('done')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
