import type { GenerationStatus, Workflow } from '../../api/generation';
import { t } from '../../text/words';
import type { Tone } from '../../ui/badge';
import type { IconName } from '../../ui/icon';

export function statusWords(status: GenerationStatus): string {
  switch (status) {
    case 'queued':
      return t('Waiting');
    case 'running':
      return t('Being made');
    case 'succeeded':
      return t('Done');
    case 'failed':
      return t('Failed');
    case 'canceled':
      return t('Cancelled');
    case 'expired':
      return t('Expired');
  }
}

export const statusLooks: Record<GenerationStatus, { tone: Tone; icon: IconName }> = {
  queued: { tone: 'plain', icon: 'clock' },
  running: { tone: 'accent', icon: 'play' },
  succeeded: { tone: 'success', icon: 'check' },
  failed: { tone: 'danger', icon: 'warning' },
  canceled: { tone: 'plain', icon: 'cross' },
  expired: { tone: 'warning', icon: 'clock' },
};

export function workflowWords(workflow: Workflow): string {
  switch (workflow) {
    case 'txt2img':
      return t('Text to image');
    case 'img2img':
      return t('Image to image');
    case 'inpaint':
      return t('Inpaint');
    case 'hires':
      return t('Hires');
    case 'upscale':
      return t('Upscale');
    case 'removeBackground':
      return t('Remove background');
    case 'template':
      return t('Workflow');
  }
}

export const workflows: Workflow[] = [
  'txt2img',
  'img2img',
  'inpaint',
  'hires',
  'upscale',
  'removeBackground',
  'template',
];

/** What went wrong, in plain words; undefined for a code that only its detail explains. */
export function problemWords(code: string): string | undefined {
  switch (code) {
    case 'no_backend':
      return t('No backend here can make this any more. An administrator can add one.');
    case 'generation_refused':
      return t('The backend refused it under its own rules. The same request will be refused again.');
    case 'generation_invalid':
      return t('The backend could not make sense of this request. Change it, then retry.');
    case 'generation_model_missing':
      return t('No backend that could do it has the model any more.');
    case 'generation_out_of_memory':
      return t('The backends ran out of memory. A smaller picture may fit.');
    case 'generation_unreachable':
      return t('The backend could not be reached, or the connection broke off.');
    case 'generation_busy':
      return t('The backend took no more work.');
    case 'generation_lost':
      return t('The backend had accepted it and then did not know it any more.');
    case 'generation_canceled':
      return t('It was stopped.');
    case 'generation_poison':
      return t('It ended the backend each time it was tried, so it is not tried again.');
    case 'expired':
      return t('No backend came to it in time.');
    case 'generation_failed':
      return t('The backend tried, and failed.');
    default:
      return undefined;
  }
}
