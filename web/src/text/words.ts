import { i18n } from '@lingui/core';
import english from '../locales/en.json';

// One locale ships today; another is one more catalogue, loaded here before the first render.
i18n.loadAndActivate({ locale: 'en', messages: english as Record<string, string> });

/** The wording of `message` (English, ICU MessageFormat) in the active locale. */
export function t(message: string, values?: Record<string, unknown>): string {
  return i18n._(message, values);
}

export function locale(): string {
  return i18n.locale;
}
