import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Subject } from '../api/community';
import { reports } from '../api/moderation';
import type { ReportReason } from '../api/moderation';
import { useViewer } from '../api/session';
import { reasonWords } from '../text/moderation';
import { t } from '../text/words';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { Check, SelectField, TextArea } from './field';
import { Notice } from './state';
import { say } from './toast';
import { levelOptions } from './viewer/level';

const reasons: ReportReason[] = [
  'TOSViolation',
  'NSFW',
  'Ownership',
  'Spam',
  'CSAM',
  'Claim',
  'AdminAttention',
];

function ReportForm({ subject, onClose }: { subject: Subject; onClose: () => void }) {
  const [reason, setReason] = useState<ReportReason>('TOSViolation');
  const [details, setDetails] = useState('');
  const [level, setLevel] = useState('4');
  const work = useMutation({
    mutationFn: () =>
      reports.file({
        ...subject,
        reason,
        details: details.trim() || undefined,
        level: reason === 'NSFW' ? Number(level) : undefined,
      }),
    onSuccess: () => {
      say(t('Reported. A moderator will review it.'));
      onClose();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!work.isPending) work.mutate();
      }}
    >
      <div role="radiogroup" aria-label={t('What is wrong with it?')}>
        {reasons.map((one) => (
          <Check
            key={one}
            type="radio"
            name="reason"
            checked={reason === one}
            onChange={() => setReason(one)}
            label={reasonWords(one)}
          />
        ))}
      </div>
      {reason === 'NSFW' && (
        <SelectField
          label={t('What should it be?')}
          value={level}
          onChange={(event) => setLevel(event.target.value)}
          options={levelOptions()}
        />
      )}
      <TextArea
        label={t('What should the moderators know?')}
        optional
        rows={3}
        maxLength={2000}
        value={details}
        onChange={(event) => setDetails(event.target.value)}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('Cancel')}</Button>
        <Button type="submit" variant="solid" icon="flag" busy={work.isPending}>
          {t('Report')}
        </Button>
      </DialogActions>
    </form>
  );
}

/** The dialog by itself, for menus that open it. */
export function ReportDialog(props: { subject: Subject; open: boolean; onClose: () => void }) {
  const { subject, open, onClose } = props;
  return (
    <Dialog open={open} onClose={onClose} title={t('Report to the moderators')}>
      <ReportForm subject={subject} onClose={onClose} />
    </Dialog>
  );
}

export function ReportButton({ subject }: { subject: Subject }) {
  const [open, setOpen] = useState(false);
  const viewer = useViewer();
  const navigate = useNavigate();
  return (
    <>
      <Button
        size="small"
        icon="flag"
        aria-label={t('Report')}
        onClick={() => {
          if (viewer?.user) setOpen(true);
          else void navigate({ to: '/sign-in', search: { next: location.pathname } });
        }}
      />
      <ReportDialog subject={subject} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
