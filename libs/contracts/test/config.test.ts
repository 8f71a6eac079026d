import { describe, expect, it } from 'vitest';
import {
  brokenReferences,
  configSchemas,
  destinationKey,
  emptyTenantConfig,
  eventIssues,
  parseConfigKey,
  queues,
  workIdOf,
} from '../src/index.ts';

const issuesOf = (kind: keyof typeof configSchemas, value: unknown): string[] => {
  const parsed = configSchemas[kind].safeParse(value);
  return parsed.success ? [] : eventIssues(parsed.error).map((issue) => issue.path);
};

describe('configuration entities', () => {
  it('fill in sane defaults', () => {
    const site = configSchemas['external-site'].parse({ id: 'crm', name: 'CRM', url: 'https://crm.example/hook' });
    expect(site).toMatchObject({
      method: 'GET',
      trigger: 'server',
      target: 'none',
      fireOn: ['answered'],
      timeoutMs: 10_000,
    });
    expect(site.egress).toEqual({ allowHttp: false, allowCidrs: [] });
  });

  it.each([
    ['external-site', { id: 'a.b', name: 'x', url: 'https://x.example' }, 'id'],
    ['external-site', { id: 'a', name: 'x', url: 'ftp://x.example' }, 'url'],
    ['external-site', { id: 'a', name: 'x', url: 'https://x.example', fireOn: [] }, 'fireOn'],
    ['external-site', { id: 'a', name: 'x', url: 'https://x.example', colour: 'red' }, ''],
    ['external-site', { id: 'a', name: 'x', url: 'https://x.example', headers: { 'x\r\ny': '1' } }, 'headers.x\r\ny'],
    [
      'external-site',
      { id: 'a', name: 'x', url: 'https://x.example', egress: { allowCidrs: ['10.0.0.0'] } },
      'egress.allowCidrs[0]',
    ],
    ['campaign', { id: 'a', name: '' }, 'name'],
    ['routing-rule', { id: 'a', name: 'x', url: 'https://x.example', fieldName: 'f' }, 'default'],
    [
      'routing-rule',
      { id: 'a', name: 'x', url: 'https://x.example', fieldName: 'f', budgetMs: 10_001, default: { type: 'hangup' } },
      'budgetMs',
    ],
    ['api-token', { id: 'a', name: 'x', sha256: 'abc', scopes: ['admin'] }, 'sha256'],
    ['tenant', { id: 'a', name: 'x', defaultRegion: 'usa' }, 'defaultRegion'],
  ] as const)('%s - refuses %j and names the field', (kind, value, path) => {
    expect(issuesOf(kind, value)).toContain(path);
  });

  it('a campaign that names what does not exist is broken at that path', () => {
    const config = emptyTenantConfig();
    const campaign = configSchemas.campaign.parse({ id: 'c', name: 'C', sites: ['nowhere'], records: ['gone'] });
    const broken = brokenReferences({ ...config, campaign: new Map([['c', campaign]]) });
    expect(broken.map(({ path }) => path)).toEqual(['sites[0]', 'records[0]']);
    expect(broken[0]?.expected).toContain('external-site');
  });

  it('keys are read back', () => {
    expect(parseConfigKey('acme.campaign.support')).toEqual({ tenant: 'acme', kind: 'campaign', id: 'support' });
    expect(parseConfigKey('acme.campaign')).toBeUndefined();
  });
});

describe('work identity', () => {
  const destination = { kind: 'site', id: 'crm' } as const;

  it('holds no colon, since it is a job id', () => {
    const workId = workIdOf({ callId: 'c-1', destination, cause: 'answered', interactionId: 'i-1' });
    expect(workId).toBe('w.c-1.site-crm.answered.i-1');
    expect(queues.crmDispatch('acme', destinationKey(destination))).toBe('crm-dispatch.acme.site-crm');
  });
});

describe('api-token', () => {
  const known = { id: 't', name: 'T', sha256: '0'.repeat(64) };

  it('one that acts for an agent cannot be an administrator, who acts for all', () => {
    const issues = configSchemas['api-token'].safeParse({ ...known, scopes: ['admin'], agentId: '1001' }).error?.issues;
    expect(issues?.map(({ path }) => path.join('.'))).toEqual(['scopes']);
    expect(configSchemas['api-token'].safeParse({ ...known, scopes: ['admin'] }).success).toBe(true);
    expect(configSchemas['api-token'].safeParse({ ...known, scopes: ['calls:control'], agentId: '1001' }).success).toBe(
      true,
    );
  });
});
