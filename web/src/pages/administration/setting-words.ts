import { t } from '../../text/words';

interface SettingWords {
  label: string;
  hint?: string;
  /** Kept in bytes, edited in gigabytes. */
  gigabytes?: boolean;
  options?: { value: string; label: string }[];
}

/** How known settings are called; one that is not here is shown under its own name. */
export function settingWords(group: string, name: string): SettingWords {
  switch (`${group}.${name}`) {
    case 'site.name':
      return { label: t('Name of this place') };
    case 'site.registration':
      return {
        label: t('Who may make an account'),
        options: [
          { value: 'open', label: t('Everybody') },
          { value: 'invite', label: t('Those with an invitation') },
          { value: 'closed', label: t('Nobody') },
        ],
      };
    case 'files.memberQuotaBytes':
      return {
        label: t('Storage for each member, in GB'),
        hint: t('0 means no limit. Administrators have none.'),
        gigabytes: true,
      };
    case 'files.uploadBytesMax':
      return { label: t('Largest file, in GB'), gigabytes: true };
    case 'files.uploadHours':
      return {
        label: t('Hours an unfinished upload is kept'),
        hint: t('Counted from its last bytes.'),
      };
    case 'files.linkMinutes':
      return { label: t('Minutes in which a download must begin') };
    case 'files.reserveBytes':
      return {
        label: t('Left free on the disk, in GB'),
        hint: t('Uploads stop before the disk is full.'),
        gigabytes: true,
      };
    default:
      return laterWords(group, name) ?? { label: name };
  }
}

function laterWords(group: string, name: string): SettingWords | undefined {
  switch (`${group}.${name}`) {
    case 'images.imageBytesMax':
      return { label: t('Largest image, in GB'), gigabytes: true };
    case 'images.videoBytesMax':
      return { label: t('Largest video, in GB'), gigabytes: true };
    case 'images.derivedBytesMax':
      return {
        label: t('Space for smaller copies of images, in GB'),
        hint: t('Copies that were not asked for the longest are deleted first.'),
        gigabytes: true,
      };
    case 'images.binDays':
      return { label: t('Days until deleted images are erased') };
    case 'moderation.strikeDays':
      return { label: t('Days until the points of a strike lapse') };
    case 'moderation.muteAtPoints':
      return { label: t('Points at which a member is muted') };
    case 'moderation.muteDays':
      return { label: t('Days that such a mute lasts') };
    case 'moderation.reviewAtPoints':
      return {
        label: t('Points at which a mute lasts until review'),
        hint: t('It ends when a moderator has looked at the member.'),
      };
    case 'moderation.claimMinutes':
      return {
        label: t('Minutes that a report stays with a moderator'),
        hint: t('Others do not get it meanwhile.'),
      };
    case 'moderation.appealDays':
      return { label: t('Days in which a decision can be appealed') };
    case 'moderation.reportsPerDay':
      return { label: t('Reports a member can send per day') };
    default:
      return group === 'generation' ? generationWords(name) : undefined;
  }
}

function generationWords(name: string): SettingWords | undefined {
  switch (name) {
    case 'quantityMax':
      return { label: t('Most pictures of one request') };
    case 'stepsMax':
      return { label: t('Most steps') };
    case 'sideMax':
      return { label: t('Longest side of a picture, in pixels') };
    case 'resourcesMax':
      return { label: t('Most resources of one request') };
    case 'openMax':
      return { label: t('Unfinished generations of one member') };
    case 'expireHours':
      return { label: t('Hours until a request that nobody could do expires') };
    case 'attemptsMax':
      return { label: t('Attempts at one picture') };
    case 'price':
      return {
        label: t('Price, in Buzz'),
        hint: t('Of one megapixel through 20 steps. A picture costs 1 Buzz at least.'),
      };
    default:
      return undefined;
  }
}

/** What the groups of settings are called. */
export function groupWords(name: string, title: string): string {
  if (name === 'site') return t('This place');
  if (name === 'files') return t('Files');
  if (name === 'images') return t('Images');
  if (name === 'moderation') return t('Moderation');
  if (name === 'generation') return t('Generation');
  return title || name;
}
