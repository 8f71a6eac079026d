import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type Person, passwordOf, people } from './people.ts';

export interface Visit {
  /** Signed in already. Default: nobody. */
  readonly as?: Person;
  /** Default: `/`. */
  readonly at?: string;
  /** 390 × 844 and touched, instead of 1280 × 800. */
  readonly phone?: boolean;
  readonly dark?: boolean;
  /** Of the browser, e.g. `fr-FR`. Default: `en-US`. */
  readonly locale?: string;
}

/** Somebody before a page. Any error in it that was not expected fails the test when it is over. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** From now on errors that match belong to the story. */
  readonly expects: (error: RegExp) => void;
  /** Rejects with what axe finds against WCAG 2.2 A and AA: rule, element and remedy. Default: in the whole page. */
  readonly axe: (within?: Frame) => Promise<void>;
  /** `npm run screenshots` keeps what is seen now as `docs/screenshots/<name>.png`; else nothing happens. */
  readonly shot: (name: string) => Promise<void>;
}

const laptop = { viewport: { width: 1280, height: 800 } };
const phoneScreen = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
/** How long a page may take for what is waited for, on a machine that does other things too. */
const deadlineMs = 15_000;

interface Place {
  readonly browser: Browser;
  /** Of the console. */
  readonly url: string;
}

export function createVisits({ browser, url }: Place): (visit?: Visit) => Promise<Visitor> {
  const tokens = new Map<Person, Promise<string>>();
  const tokenOf = (person: Person): Promise<string> => {
    const token = tokens.get(person) ?? logIn(url, person);
    tokens.set(person, token);
    return token;
  };
  return async ({ as, at = '/', phone = false, dark = false, locale = 'en-US' } = {}) => {
    const context = await browser.newContext({
      ...(phone ? phoneScreen : laptop),
      baseURL: url,
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      locale,
      timezoneId: 'UTC',
    });
    context.setDefaultTimeout(deadlineMs);
    const page = await context.newPage();
    const expected: RegExp[] = [nobodyIsSignedIn];
    const errors = await watchErrors(page);
    onTestFinished(async () => {
      await context.close();
      const unexpected = errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
      if (unexpected.length > 0) throw new Error(`the page had errors:\n${unexpected.join('\n')}`);
    });
    if (as !== undefined) await beginSession(context, await tokenOf(as));
    await page.goto(at);
    await page.locator('h1').first().waitFor();
    return {
      page,
      context,
      expects: (error) => void expected.push(error),
      axe: (within = page.mainFrame()) => checkAccess(within),
      shot: (name) => shoot(page, name),
    };
  };
}

/** The page asks who is signed in before it shows the form. */
const nobodyIsSignedIn = /status of 401.* \S+\/v1\/session$/;

/** What is not caught, what the console is told, and what the CSP refuses. */
async function watchErrors(page: Page): Promise<readonly string[]> {
  const errors: string[] = [];
  page.on('pageerror', (error) => void errors.push(`uncaught: ${error} ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()} ${message.location().url}`);
  });
  await page.exposeFunction('tellViolation', (text: string) => void errors.push(`CSP: ${text}`));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    tellViolation(event.effectiveDirective + ' refused ' + (event.blockedURI || event.sample)));`);
  return errors;
}

async function logIn(url: string, person: Person): Promise<string> {
  const answer = await fetch(new URL('/v1/login', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: people[person].username, password: passwordOf(person) }),
  });
  if (!answer.ok) throw new Error(`${person} is not let in: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function beginSession(context: BrowserContext, token: string): Promise<void> {
  const answer = await context.request.post('/v1/session', { data: { token } });
  if (!answer.ok()) throw new Error(`no session: ${await answer.text()}`);
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: string; readonly html: string; readonly why: string }[];
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** What fades in is not measured half way. */
const stillness =
  'Promise.all(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime !== Infinity).map(a => a.finished.catch(() => {})))';

async function checkAccess(page: Frame): Promise<void> {
  await page.evaluate(stillness);
  // As a string through the debugger: the page's own CSP lets no script in.
  await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({
      id, help, nodes: nodes.map(({ target, html, failureSummary }) => ({ target: target.join(' '), html, why: failureSummary })) })))`,
  );
  if (violations.length > 0) throw new Error(`axe at ${page.url()}:\n${violations.map(told).join('\n')}`);
}

const told = ({ id, help, nodes }: Violation): string =>
  [
    `${id}: ${help}`,
    ...nodes.map(({ target, html, why }) => `  ${target}\n    ${html.slice(0, 300)}\n    ${why}`),
  ].join('\n');

const folder = join(import.meta.dirname, '../../docs/screenshots');
const maxShotBytes = 150_000;

async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.PATCHCORD_SCREENSHOTS !== '1') return;
  await page.evaluate(stillness);
  const png = await page.screenshot({ animations: 'allow', caret: 'initial' });
  if (png.length > maxShotBytes) throw new Error(`${name}.png has ${png.length} bytes, more than ${maxShotBytes}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), png);
}
