import { createHash } from 'node:crypto';

const maxLength = 64;

/** A token for any text, the same for the same text: the text itself where that is one. */
export const tokenOf = (text: string): string =>
  text.length <= maxLength && /^[A-Za-z0-9_-]+$/.test(text)
    ? text
    : createHash('sha256').update(text).digest('base64url').slice(0, 32);
