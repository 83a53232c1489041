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
      return { label: name };
  }
}

/** What the groups of settings are called. */
export function groupWords(name: string, title: string): string {
  if (name === 'site') return t('This place');
  if (name === 'files') return t('Files');
  return title || name;
}
