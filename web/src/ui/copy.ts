import { t } from '../text/words';
import { say } from './toast';

/** Puts text on the clipboard, also where the page has no secure origin (plain http on a LAN). */
export async function copy(text: string, what: string) {
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'unseen';
    document.body.append(field);
    field.select();
    done = document.execCommand('copy');
    field.remove();
  }
  say(done ? t('Copied {what}', { what }) : t('The browser did not allow copying'), { bad: !done });
}
