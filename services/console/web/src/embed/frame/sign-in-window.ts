const [path, key] = ['/frame-sign-in', 'patchcord-for-frame'] as const;

/** What the frame opens to have somebody signed in to its tenant. */
export const signInWindowOf = (tenantId: string): string => `${path}?tenant=${encodeURIComponent(tenantId)}`;

/** For which tenant this window signs somebody in, so that a frame gets his session; undefined: it is an ordinary page. */
export function tenantOfSignInWindow(): string | undefined {
  const { pathname, search } = location;
  if (pathname === path) {
    const tenantId = new URLSearchParams(search).get('tenant') ?? '';
    keep(tenantId);
    return tenantId;
  }
  // Whom the identity provider let in and we did not is sent there, to try another way.
  return pathname === '/log-in' ? kept() : undefined;
}

function keep(tenantId: string): void {
  try {
    sessionStorage.setItem(key, tenantId);
  } catch {
    // It is known as long as nobody leaves the page.
  }
}

function kept(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
