import { type EgressPolicy, Failure } from '@patchcord/contracts';

export const headerNamePattern = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
// Bytes that could end a header and begin another thing are refused, not repaired.
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;
/** These say how the message is framed or where it goes; they follow from the request and are not anybody's to set. */
const framing = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
]);

const refuse = (code: string, message: string): Failure => new Failure('permanent', code, message);

/** The URL, if the policy lets us speak to it at all; the address is checked when a connection is made. */
export function checkedUrl(text: string, policy: EgressPolicy): URL {
  const url = URL.parse(text);
  if (url === null) throw refuse('url_invalid', 'the address of the destination is no URL');
  if (url.username !== '' || url.password !== '') {
    throw refuse('url_invalid', 'the address of the destination holds a user name or password');
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && policy.allowHttp)) return url;
  if (url.protocol === 'http:') throw refuse('http_refused', 'plain http is not allowed for this destination');
  throw refuse('url_invalid', `${url.protocol} is not a protocol that requests are sent by`);
}

/** Refuses headers that would change the message's framing or smuggle another header. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!headerNamePattern.test(name)) throw refuse('header_invalid', `${JSON.stringify(name)} is not a header name`);
    if (framing.has(name.toLowerCase())) throw refuse('header_invalid', `the header ${name} cannot be set`);
    if (!headerValue.test(value))
      throw refuse('header_invalid', `the value of the header ${name} is not a header value`);
  }
}
