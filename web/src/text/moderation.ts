import type { ActWish, ReportReason, ReportRow } from '../api/moderation';
import { levelName } from '../ui/badge';
import { t } from './words';

export function reasonWords(reason: ReportReason): string {
  switch (reason) {
    case 'TOSViolation':
      return t('Breaks the rules');
    case 'NSFW':
      return t('Wrong maturity level');
    case 'Ownership':
      return t('Uploaded without permission');
    case 'AdminAttention':
      return t('Needs a moderator');
    case 'Claim':
      return t('It is mine');
    case 'CSAM':
      return t('Sexualises minors');
    case 'Spam':
      return t('Spam');
    default:
      return t('Found automatically');
  }
}

export function subjectWords(kind: ReportRow['kind']): string {
  switch (kind) {
    case 'model':
      return t('Model');
    case 'version':
      return t('Version');
    case 'image':
      return t('Image');
    case 'post':
      return t('Post');
    case 'comment':
      return t('Comment');
    case 'review':
      return t('Review');
    case 'collection':
      return t('Collection');
    default:
      return t('Person');
  }
}

export function actWords(act: ActWish): string {
  switch (act.act) {
    case 'dismiss':
      return t('Nothing wrong');
    case 'setLevel':
      return t('Maturity set to {level}', { level: levelName(act.level ?? 0) ?? '?' });
    case 'takeDown':
      return t('Taken down');
    case 'giveBack':
      return t('Restored');
    case 'mute':
      return act.days
        ? t('{days, plural, one {Muted for # day} other {Muted for # days}}', { days: act.days })
        : t('Muted until reviewed');
    case 'unmute':
      return t('May write again');
    case 'ban':
      return t('Banned');
    case 'unban':
      return t('Ban lifted');
    case 'strike':
      return t('{points, plural, one {strike of # point} other {strike of # points}}', {
        points: act.points ?? 1,
      });
    default:
      return t('Put on the blocklist: {value}', { value: act.value ?? '' });
  }
}
