/** The duties of custody as a calendar file. RFC 5545. It names shards and dates, no person and no place. */
import type { DutyStatus } from './custody';
import { DUTIES } from './duties';

/** Where a build puts the calendar: below the address of docs/audit/custody.mdx. */
export const CALENDAR_FILE = 'audit/custody/custody.ics';

const encoder = new TextEncoder();

/** Folds a line so that no piece has more than 75 octets (RFC 5545 §3.1), never inside a character. */
function fold(line: string): string {
  const pieces: string[] = [];
  let piece = '';
  for (const character of line) {
    if (encoder.encode(piece + character).length > (pieces.length === 0 ? 75 : 74)) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece].join('\r\n ');
}

const escapeText = (text: string) => text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');
const compact = (date: string) => date.replaceAll('-', '');

function nextDay(date: string): string {
  return new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
}

/** A calendar with one all-day event for the next date of each duty, and a reminder a week before. `made` is the day of its making (DTSTAMP). */
export function custodyCalendar(duties: readonly DutyStatus[], keyName: string, made: string): string {
  const events = duties.flatMap(({ shard, duty, due }) => [
    'BEGIN:VEVENT',
    `UID:${keyName}-shard-${shard}-${duty}-${compact(due)}@masterkey-runbook`,
    `DTSTAMP:${compact(made)}T000000Z`,
    `DTSTART;VALUE=DATE:${compact(due)}`,
    `DTEND;VALUE=DATE:${compact(nextDay(due))}`,
    `SUMMARY:${escapeText(`Shard ${shard} of ${keyName}: ${DUTIES[duty].title}`)}`,
    `DESCRIPTION:${escapeText(`${DUTIES[duty].text} See Lifecycle, Calendar in the runbook.`)}`,
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-P7D',
    `DESCRIPTION:${escapeText(`Shard ${shard}: ${DUTIES[duty].title} is due in a week`)}`,
    'END:VALARM',
    'END:VEVENT',
  ]);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//MasterKey Runbook//Custody//EN',
    ...events,
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}
