import type { PopAction, ScreenPop } from '@patchcord/contracts';

/** Ids of pops that a browser has acted on, the latest last. They name work, and hold nothing of the customer. */
const storageKey = 'patchcord-pops';
const maxRemembered = 200;

/** Where a browser keeps nothing for a frame of another site: those that this page acted on. */
let ownOnly: readonly string[] = [];

const remembered = (): string[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [...ownOnly];
  }
};

function remember(popIds: readonly string[]): void {
  ownOnly = popIds;
  try {
    localStorage.setItem(storageKey, JSON.stringify(popIds));
  } catch {
    // It holds for this page.
  }
}

/** Whether nobody in this browser has acted on a pop yet; from then on somebody has. A page that is loaded again, or open twice, sends nothing twice. */
export async function claim(popId: string): Promise<boolean> {
  const take = (): boolean => {
    const known = remembered();
    if (known.includes(popId)) return false;
    remember([...known, popId].slice(-maxRemembered));
    return true;
  };
  // There are locks only where the page is served securely, and none for a frame that may keep nothing.
  return 'locks' in navigator ? navigator.locks.request(storageKey, take).catch(take) : take();
}

/** The name of a frame or tab: the same pop is shown in the same one. */
export const windowNameOf = ({ popId }: ScreenPop): string => `pop-${popId}`;

type Form = Extract<PopAction, { kind: 'form' }>;

/** Submits a form into a frame or tab of this name. */
export function submitForm({ url, method, enctype, fields }: Form, target: string): void {
  const form = Object.assign(document.createElement('form'), { action: url, method, enctype, target, hidden: true });
  for (const [name, value] of fields)
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  document.body.append(form);
  // A field may be called "submit".
  HTMLFormElement.prototype.submit.call(form);
  form.remove();
}

/** Opens a tab; `false`: the browser refuses to open one that nobody clicked for. The page in it cannot reach ours. */
export function openTab(pop: ScreenPop): boolean {
  const { action } = pop;
  if (action.kind === 'request') return true;
  const tab = window.open('about:blank', windowNameOf(pop));
  if (tab === null) return false;
  if (action.kind === 'form') submitForm(action, windowNameOf(pop));
  else tab.location.replace(action.url);
  tab.opener = null;
  return true;
}

/** What became of a request in the background. */
export type Sent = { readonly outcome: 'sent'; readonly status: number } | { readonly outcome: 'failed' };

/** Sends a request in the background. Whether a site lets us is its own decision (CORS), and its reason stays hidden. */
export async function send({ url, method, contentType, body }: Extract<PopAction, { kind: 'request' }>): Promise<Sent> {
  try {
    const init = { method, body, headers: { 'content-type': contentType }, referrerPolicy: 'no-referrer' } as const;
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
    return { outcome: 'sent', status: answer.status };
  } catch {
    return { outcome: 'failed' };
  }
}

/** Scripts and forms, but neither our own address nor the page around it. */
export function sandboxOf(url: string): string {
  const isOurs = URL.parse(url)?.origin === location.origin;
  const allowed = ['scripts', 'forms', 'modals', 'downloads', 'popups', 'popups-to-escape-sandbox'];
  return [...allowed, ...(isOurs ? [] : ['same-origin'])].map((what) => `allow-${what}`).join(' ');
}
