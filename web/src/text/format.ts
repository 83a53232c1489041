import { locale, t } from './words';

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** Bytes with a decimal unit: 6938040682 → "6.94 GB". */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Full number with the locale's separators. */
export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** Short number: 12 345 → "12.3K". */
export function compact(value: number): string {
  return new Intl.NumberFormat(locale(), {
    notation: 'compact',
    maximumFractionDigits: value < 10_000 ? 1 : 0,
  }).format(value);
}

/** Seconds as the two largest units: 3725 → "1 h 2 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t('{count} s', { count: whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) {
    return t('{minutes} min {seconds} s', { minutes, seconds: whole % 60 });
  }
  if (minutes < 60) return t('{minutes} min', { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t('{hours} h {minutes} min', { hours, minutes: minutes % 60 });
  return t('{days} d {hours} h', { days: Math.floor(hours / 24), hours: hours % 24 });
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 days ago", "in 2 hours", "just now". */
export function relative(moment: Date, now = new Date()): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return t('just now');
}

export function exact(moment: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short' }).format(
    moment,
  );
}

export function day(moment: Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(moment);
}

/** Whole percent, never 100 before the end. */
export function percent(done: number, total: number): number {
  if (total <= 0) return 0;
  return done >= total ? 100 : Math.min(99, Math.floor((done / total) * 100));
}

/** A part of a whole, 0 to 1: 0.034 → "3.4%". */
export function percentOf(part: number): string {
  return new Intl.NumberFormat(locale(), {
    style: 'percent',
    maximumFractionDigits: part < 0.1 ? 1 : 0,
  }).format(part);
}
