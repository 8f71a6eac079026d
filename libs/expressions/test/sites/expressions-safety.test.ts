import { routingRule } from '@patchcord/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderAsking, renderPopAction, renderServerRequest } from '../../src/index.ts';
import { type EchoSite, startEchoSite } from './echo-site.ts';
import { row, siteOf, withSession } from './fixture.ts';

/** Whatever a caller, a CRM or a flow wrote into a call: it never chooses whom we ask, nor what else we ask for. */
let echo: EchoSite;
beforeAll(async () => {
  echo = await startEchoSite();
});
afterAll(() => echo.close());

const wholes = ['//', '..', '%2e', '%2F', '\r\n', '{1}', '{call.id}', 'evil.example', 'https://', '\ud800', '😀'];
const hostile = [...wholes, ...'/\\?#&=;@:%.\n\t\0 {}|"\'<+\u2028é'.split('')];
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom(...hostile), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const values = fc.record({ a: value, b: value, c: value });
const holding = ({ a, b, c }: { a: unknown; b: unknown; c: unknown }) =>
  withSession({ data: { 'ivr.a': a, 'ivr.b': b, 'app.c': c } });

const path = '/x/{ivr.a}/y-{ivr.b}.{1}?a={ivr.a}&b=-{ivr.b}&{app.c}=1&d={2}#f={ivr.a}';
const headers = { 'X-A': '{ivr.a}', 'X-B': 'b={ivr.b};c={app.c}', 'X-D': 'plain' };
const table = [row('variable.app.c as {1}'), row('fixed.{ivr.b} as {2}'), row('fixed.-{ivr.a}- as e')];

it('host, folders, parameters and headers are those of the administrator', async () => {
  await fc.assert(
    fc.asyncProperty(values, async (given) => {
      const rendered = renderServerRequest(siteOf({ url: `${echo.origin}${path}`, headers }), table, holding(given));
      if (!rendered.ok) {
        expect([rendered.parameter, given.a]).toEqual(['{ivr.a}', expect.stringMatching(/^\.\.?$/)]);
        return;
      }
      const { origin, pathname } = new URL(rendered.value.url);
      expect(origin).toBe(echo.origin);
      expect(pathname.split('/')).toHaveLength(4);
      expect(Object.keys(rendered.value.headers).every((name) => /^x-[abd]$/.test(name))).toBe(true);
      const arrived = await echo.receive(rendered.value);
      const [folder, query = '', ...more] = arrived.target.split('?');
      expect([folder?.split('/').length, folder?.startsWith('/x/'), more]).toEqual([4, true, []]);
      expect(query.split('&').length).toBeLessThanOrEqual(5);
      expect(arrived.headers).toMatchObject({ host: new URL(echo.origin).host, 'x-d': 'plain' });
    }),
    { numRuns: 400 },
  );
});

it('a browser is sent nowhere else either', () => {
  const site = siteOf({ url: `https://crm.example:8443${path}`, trigger: 'agent', target: 'embedded' });
  fc.assert(
    fc.property(values, (given) => {
      const action = renderPopAction(site, table, holding(given));
      if (!action.ok) return;
      const { origin, pathname, hash } = new URL(action.value.url);
      expect([origin, pathname.split('/').length, pathname.startsWith('/x/')]).toEqual([
        'https://crm.example:8443',
        4,
        true,
      ]);
      expect(hash).not.toMatch(/[\s<>"]/);
    }),
    { numRuns: 1000 },
  );
});

it('a rule asks the CRM it names, whatever number calls', () => {
  const number = fc.string({ unit: fc.constantFrom(...hostile, '4', '+'), maxLength: 20 });
  const rule = routingRule.parse({
    id: 'r',
    name: 'R',
    url: 'https://crm.example/a/{call.ani}/b?n={call.from}&d={call.digits}',
    headers: { 'X-Caller': '{call.ani}' },
    fieldName: 'tier',
    default: { type: 'hangup' },
  });
  fc.assert(
    fc.property(number, number, (ani, dtmf) => {
      const asking = renderAsking(rule, { tenantId: 'acme', region: 'US', ani, dtmf });
      if (!asking.ok) {
        expect([asking.parameter, ani]).toEqual(['{call.ani}', expect.stringMatching(/^\.\.?$/)]);
        return;
      }
      const { origin, pathname, searchParams } = new URL(asking.value.url);
      expect([origin, pathname.split('/').length]).toEqual(['https://crm.example', 4]);
      expect([...searchParams.keys()].every((name) => name === 'n' || name === 'd')).toBe(true);
      expect(asking.value.headers['x-caller'] ?? '').toMatch(/^[\x20-\x7e]*$/);
    }),
    { numRuns: 1000 },
  );
});

it('the same facts give the same bytes', () => {
  fc.assert(
    fc.property(values, (given) => {
      const once = renderServerRequest(siteOf({ url: `https://crm.example${path}`, headers }), table, holding(given));
      const again = structuredClone(holding(given));
      expect(renderServerRequest(siteOf({ url: `https://crm.example${path}`, headers }), table, again)).toEqual(once);
    }),
  );
});
