/** `2026-11-20 10:00:00` in UTC, from RFC 3339. Fractions of a second are dropped. */
export const sqlTime = (instant: string): string => new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
