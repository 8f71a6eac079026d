import { type ExternalSite, popAction, requestJob } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { renderPopAction } from '../../src/index.ts';
import { facts, post, rendered, row, siteOf, valueRow, withValue } from './fixture.ts';

const shown = { trigger: 'automatic', target: 'new-tab' };
const table = [row('call.waitMs as wait'), valueRow('v'), row('contact.gone as gone')];
const hostile = 'José & "Co"\r\nforged=1 <b>';

function action(site: ExternalSite, parameters = table, value: unknown = hostile): unknown {
  const result = renderPopAction(site, parameters, withValue(value));
  if (!result.ok) return result;
  expect(popAction.safeParse(result.value)).toMatchObject({ success: true });
  return result.value;
}

describe('a screen pop', () => {
  it('GET - goes to an address: encoded, merged with its query, before its fragment', () => {
    expect(
      action(siteOf({ ...shown, url: 'https://crm.example/é/{1}?k=1#{1}' }), [...table, row('campaign.id as {1}')]),
    ).toEqual({
      kind: 'navigate',
      url: 'https://crm.example/%C3%A9/11?k=1&wait=4100&v=Jos%C3%A9%20%26%20%22Co%22%0D%0Aforged%3D1%20%3Cb%3E#11',
    });
  });

  it.each([
    ['multipart', 'multipart/form-data'],
    ['urlencoded', 'application/x-www-form-urlencoded'],
  ])('POST as %s - a form with the values as they are: the browser encodes them', (format, enctype) => {
    expect(
      action(post(format, { ...shown, url: 'https://crm.example/?k={1}' }), [...table, row('fixed.x/y as {1}')]),
    ).toEqual({
      kind: 'form',
      method: 'POST',
      url: 'https://crm.example/?k=x%2Fy',
      enctype,
      fields: [
        ['wait', '4100'],
        ['v', hostile],
      ],
    });
  });

  it('POST as text - the browser encodes nothing, so that a value may not begin a line', () => {
    expect(action(post('text', shown))).toMatchObject({
      enctype: 'text/plain',
      fields: [
        ['wait', '4100'],
        ['v', 'José & "Co"\\r\\nforged=1 <b>'],
      ],
    });
  });

  it.each(['POST', 'PUT', 'PATCH'])('%s as JSON - a request in the background, typed and nested', (method) => {
    expect(action(post('json', { method, trigger: 'agent' }), [...table, row('fixed.1 as client.id')])).toEqual({
      kind: 'request',
      method,
      url: 'https://crm.example/calls',
      contentType: 'application/json',
      body: JSON.stringify({ wait: 4100, v: hostile, client: { id: '1' } }),
    });
  });

  it('quirks of the original server do not concern it; those of values do', () => {
    const all = {
      multipartAsFiles: true,
      textAsUrlencoded: true,
      keepPlaceholders: true,
      allStrings: true,
      nullAsNone: true,
    };
    expect(action(post('text', { ...shown, compatibility: all }), [valueRow('v')], null)).toMatchObject({
      kind: 'form',
      fields: [['v', 'None']],
    });
    expect(action(post('json', { trigger: 'agent', compatibility: all }), table, null)).toMatchObject({
      body: '{"wait":"4100","v":"None"}',
    });
  });

  it.each(['PUT', 'PATCH'])('%s as a form, which no form can do - a request', (method) => {
    const quirks = { textAsUrlencoded: true };
    expect(action(post('text', { method, trigger: 'disposition', compatibility: quirks }))).toMatchObject({
      kind: 'request',
      method,
      contentType: 'text/plain; charset=utf-8',
      body: 'wait=4100\r\nv=José & "Co"\\r\\nforged=1 <b>\r\n',
    });
  });

  it('a page without a table - opened as it is', () => {
    expect(
      action(siteOf({ ...shown, method: 'GET', format: undefined, url: 'https://crm.example/desk?tab=1#top' }), []),
    ).toEqual({
      kind: 'navigate',
      url: 'https://crm.example/desk?tab=1#top',
    });
  });

  it('a form or JSON without a table - everything essential', () => {
    expect(action(post('json', { trigger: 'agent' }), [])).toMatchObject({
      body: expect.stringContaining('"variables":{'),
    });
    expect(action(post('urlencoded', shown), [])).toMatchObject({
      fields: expect.arrayContaining([['callId', 'c-1']]),
    });
  });

  it('a parameter that must not be missing - no action, and its name', () => {
    expect(action(siteOf(shown), [row('contact.gone as gone', { missing: 'fail' })])).toMatchObject({
      ok: false,
      parameter: 'gone',
    });
    expect(action(siteOf({ ...shown, url: 'https://crm.example/{v}' }), [valueRow('{v}')], '..')).toMatchObject({
      ok: false,
      parameter: '{v}',
    });
  });

  it('holds no header', () => {
    expect(
      JSON.stringify(action(post('urlencoded', { ...shown, headers: { 'X-Key': 'not for browsers' } }))),
    ).not.toContain('not for browsers');
  });
});

it('what we send ourselves fits into a job', () => {
  const request = rendered(siteOf({ url: 'https://mycrm.domain.com?' }), [row('campaign.id as id')]);
  const job = {
    workId: 'w',
    tenantId: 'acme',
    destination: { kind: 'site', id: 'crm' },
    cause: 'answered',
    occurredAt: facts.occurredAt,
    kind: 'request',
    ...request,
  };
  expect(requestJob.parse(job)).toMatchObject({ url: 'https://mycrm.domain.com?id=11' });
});
