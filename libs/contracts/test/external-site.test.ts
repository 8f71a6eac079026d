import { describe, expect, it } from 'vitest';
import {
  eventIssues,
  externalSite,
  siteFormats,
  siteMethods,
  siteProblems,
  siteTargets,
  siteTriggers,
  urlTemplateProblem,
} from '../src/index.ts';

const minimal = { id: 'crm', name: 'CRM', url: 'https://crm.example/calls' };

/** What is wrong with a site, as its administrator is told. */
function issues(more: Readonly<Record<string, unknown>>): string[] {
  const parsed = externalSite.safeParse({ ...minimal, ...more });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('which choices go together', () => {
  it.each([...siteFormats])('GET with the format %s - refused', (format) => {
    expect(issues({ format })).toEqual(['format: expected no format: GET has no body, its parameters go into the URL']);
  });

  it.each(['POST', 'PUT', 'PATCH'])('%s without a format - refused', (method) => {
    expect(issues({ method })).toEqual([`format: expected "multipart", "urlencoded", "text" or "json" for ${method}`]);
  });

  it.each(['embedded', 'new-tab'])('the trigger server with the target %s - refused', (target) => {
    expect(issues({ trigger: 'server', target })).toEqual([
      'target: expected "none": with the trigger "server" no browser is involved',
    ]);
  });

  it.each(['agent', 'automatic', 'disposition'])('JSON with a target and the trigger %s - refused', (trigger) => {
    expect(issues({ trigger, method: 'POST', format: 'json', target: 'embedded' })).toEqual([
      'target: expected "none": a browser shows no answer to JSON',
    ]);
  });

  it.each(['agent', 'automatic'])('the trigger %s without a target - refused', (trigger) => {
    const message = `target: expected "embedded" or "new-tab": the trigger "${trigger}" shows the answer in the browser`;
    expect(issues({ trigger })).toEqual([message]);
    expect(issues({ trigger, method: 'POST', format: 'text' })).toEqual([message]);
  });

  it('the trigger disposition with GET and without a target - refused', () => {
    expect(issues({ trigger: 'disposition' })).toEqual([
      'target: expected "embedded" or "new-tab": the trigger "disposition" with GET shows the answer in the browser',
    ]);
  });

  it.each(['PUT', 'PATCH'])('%s in the browser as a form - refused', (method) => {
    const site = { trigger: 'agent', target: 'new-tab', method, format: 'urlencoded' };
    expect(issues(site)).toEqual([`method: expected "GET" or "POST": a browser's form cannot ${method}`]);
  });

  it.each([
    [{}],
    [{ method: 'PATCH', format: 'json' }],
    [{ trigger: 'agent', target: 'embedded' }],
    [{ trigger: 'automatic', target: 'new-tab', method: 'POST', format: 'multipart' }],
    [{ trigger: 'agent', method: 'POST', format: 'json' }],
    [{ trigger: 'automatic', method: 'PUT', format: 'json' }],
    [{ trigger: 'disposition', method: 'POST', format: 'text' }],
    [{ trigger: 'disposition', target: 'embedded' }],
  ])('%j - accepted', (site) => {
    expect(issues(site)).toEqual([]);
  });

  it('every combination is accepted or refused with at least one field that names the remedy', () => {
    const sites = siteTriggers.flatMap((trigger) =>
      siteMethods.flatMap((method) =>
        [undefined, ...siteFormats].flatMap((format) =>
          siteTargets.map((target) => ({ trigger, method, format, target })),
        ),
      ),
    );
    const refused = sites.map((site) => siteProblems(site)).filter((problems) => problems.length > 0);
    expect(sites).toHaveLength(4 * 4 * 5 * 3);
    expect([sites.length - refused.length, refused.length]).toEqual([accepted, sites.length - accepted]);
    for (const { message } of refused.flat()) expect(message).toMatch(/^expected .+/);
  });
});

/**
 * server: GET, and 3 methods in 4 formats. agent, automatic: GET and POST in 3 formats with 2 targets, and 3 methods as
 * JSON. disposition: the same, and 3 methods in 3 formats without a target.
 */
const accepted = 1 + 12 + 2 * (2 * (1 + 3) + 3) + (2 * (1 + 3) + 3 + 9);

describe('the URL', () => {
  it.each([
    ['https://crm.example/{1', 'expected balanced braces around placeholders, such as {1}'],
    ['https://crm.example/1}', 'expected balanced braces around placeholders, such as {1}'],
    ['https://crm.example/{{1}}', 'expected balanced braces around placeholders, such as {1}'],
    ['https://crm.example/{}', 'expected digits or a name between braces, such as {1} or {idClient}, not "{}"'],
    ['https://crm.example/{a b}', 'expected digits or a name between braces, such as {1} or {idClient}, not "{a b}"'],
    [`https://crm.example/{${'x'.repeat(65)}}`, expect.stringContaining('expected digits or a name between braces')],
    ['ftp://crm.example/', 'expected an http:// or https:// URL'],
    ['javascript:alert(1)', 'expected an http:// or https:// URL'],
    ['crm.example', 'expected an http:// or https:// URL'],
    ['https://', 'expected an http:// or https:// URL'],
    ['https://user:pass@crm.example/', 'expected no user and password in the URL: use an authentication'],
    ['https://user@crm.example/', 'expected no user and password in the URL: use an authentication'],
    ['https://{1}.crm.example/', 'expected no placeholder in the host: a caller could choose who is asked'],
    ['https://crm.example{1}/', 'expected no placeholder in the host: a caller could choose who is asked'],
  ])('%s - refused', (url, message) => {
    expect(urlTemplateProblem(url)).toEqual(message);
    expect(issues({ url })[0]).toMatch(/^url: expected /);
  });

  it.each([
    'https://crm.example',
    'https://crm.example?',
    'http://10.0.0.1:8080/x',
    'HTTPS://crm.example/{1}/{2}?a={idClient}&b=x{a-b_c}#/{1}',
    'https://crm.example/ñ?q=a b',
  ])('%s - accepted', (url) => {
    expect(issues({ url })).toEqual([]);
  });

  it('longer than 2048 characters - refused', () => {
    expect(issues({ url: `https://crm.example/${'x'.repeat(2048)}` })).toHaveLength(1);
  });
});

describe('the other fields', () => {
  it('have defaults that do no harm', () => {
    expect(externalSite.parse(minimal)).toMatchObject({
      hidden: false,
      trigger: 'server',
      method: 'GET',
      target: 'none',
      fireOn: ['answered'],
      timeoutMs: 10_000,
      parameters: [],
      tls: { verify: true, minVersion: 'TLSv1.2' },
      compatibility: {
        allStrings: false,
        nullAsNone: false,
        multipartAsFiles: false,
        textAsUrlencoded: false,
        legacyDatetime: false,
        keepPlaceholders: false,
      },
    });
  });

  it.each([
    [{ trigger: 'sometimes' }, 'trigger'],
    [{ method: 'DELETE' }, 'method'],
    [{ format: 'xml', method: 'POST' }, 'format'],
    [{ target: 'window' }, 'target'],
    [{ timeoutMs: 99 }, 'timeoutMs'],
    [{ compatibility: { allString: true } }, 'compatibility'],
    [{ fireOn: ['disposition'] }, 'fireOn[0]'],
    [{ headers: { 'X-A': 'José' } }, 'headers.X-A'],
    [{ authentication: 'a b' }, 'authentication'],
    [{ rateLimit: { perSecond: 0 } }, 'rateLimit.perSecond'],
    [{ tls: { ca: 'not PEM' } }, 'tls.ca'],
    [{ parameters: [{ family: 'call', key: '', name: 'x' }] }, 'parameters[0].key'],
  ])('%j - refused, and the field is named', (more, path) => {
    const parsed = externalSite.safeParse({ ...minimal, ...more });
    expect(parsed.success ? [] : eventIssues(parsed.error).map((issue) => issue.path)).toEqual([path]);
  });
});
