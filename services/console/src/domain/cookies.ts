/** A cookie of ours by its name. */
export interface Cookie {
  readonly name: string;
  /** `Lax` for what has to come along when another site sends the browser here. */
  readonly sameSite: 'Strict' | 'Lax' | 'None';
  /** Only within the site around the frame in which it was set: one cookie for each. */
  readonly partitioned?: boolean;
}

export const sessionCookie: Cookie = { name: 'patchcord_session', sameSite: 'Strict' };

/** Of a browser that signs in by an identity provider: nobody else can end what it began. */
export const signInCookie: Cookie = { name: 'patchcord_sign_in', sameSite: 'Lax' };

/** Of the desk in a frame of another site: only there, and only over https. */
export const frameCookie: Cookie = { name: 'patchcord_frame', sameSite: 'None', partitioned: true };

/** Over https a browser takes the name with this prefix only from this very host, and only over https. */
const nameOf = ({ name }: Cookie, secure: boolean): string => (secure ? `__Host-${name}` : name);

/** The value of a cookie in a `Cookie` header. */
export function readCookie(header: string | undefined, cookie: Cookie, secure: boolean): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === nameOf(cookie, secure))?.[1];
}

export interface CookieValue {
  readonly value: string;
  /** 0 ends it. */
  readonly maxAgeSeconds: number;
  readonly secure: boolean;
}

/** `Set-Cookie`: for this host alone, and out of the reach of scripts. */
export function writeCookie(cookie: Cookie, { value, maxAgeSeconds, secure }: CookieValue): string {
  const attributes = ['Path=/', 'HttpOnly', `SameSite=${cookie.sameSite}`, `Max-Age=${maxAgeSeconds}`];
  const flags = [...(secure ? ['Secure'] : []), ...(cookie.partitioned === true ? ['Partitioned'] : [])];
  return [`${nameOf(cookie, secure)}=${value}`, ...attributes, ...flags].join('; ');
}
