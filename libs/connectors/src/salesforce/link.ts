import { Failure } from '@patchcord/contracts';
import type { CrmApi, RecordRef } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';
import { update } from './upsert.ts';
import { described } from './wire.ts';

/**
 * In Salesforce a link is a field of the record: the one that leads to the other's object. A record is never linked to
 * one of its own object: such fields mean more than that they belong together (`ReportsToId`).
 */
export async function link(api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> {
  await update(api, from, { [await fieldTo(api, from.module, to.module)]: to.id });
}

async function fieldTo(api: CrmApi<Settings>, from: string, to: string): Promise<string> {
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'sobjects', from, 'describe') });
  const leading = described
    .parse(json)
    .fields.filter(({ updateable, referenceTo, name }) => updateable && referenceTo.includes(to) && name !== 'OwnerId')
    .map(({ name }) => name);
  const usual = leading.find((name) => [`${to}Id`, 'WhoId', 'WhatId'].includes(name));
  const [only, other] = leading;
  if (from !== to && usual !== undefined) return usual;
  if (from !== to && only !== undefined && other === undefined) return only;
  const message = `${from} has no one field that leads to ${to}: map the field that should hold the record`;
  throw new Failure('permanent', 'crm_no_relation', message);
}
