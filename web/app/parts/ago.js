const UNITS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]);
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago that was, in words.
 *  @param {string | undefined} time  RFC 3339 */
export function ago(time) {
  const seconds = time ? (Date.now() - Date.parse(time)) / 1000 : NaN;
  if (Number.isNaN(seconds)) return '';
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ['minute', Infinity];
  return length === Infinity ? 'just now' : relative.format(-Math.floor(seconds / length), unit);
}

/** The time itself, in the one spelling that the page has for it.
 *  @param {number | string | undefined} time */
export function moment(time) {
  const date = new Date(time ?? NaN);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}
