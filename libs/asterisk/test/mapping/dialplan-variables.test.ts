import { storyOf } from '@patchcord/call-model';
import { describe, expect, it } from 'vitest';
import { type AmiMessage, field } from '../../src/index.ts';
import { changed, createPbx } from './pbx.ts';

const custom = { Omlcrmcustomerid: '4711', Omlcrmcustomerplan: 'gold' };
const list = { OMLCUSTOMDIALPLANVARS: 'Omlcrmcustomerid&Omlcrmcustomerplan' };
const variablesOf = (events: Parameters<typeof storyOf>[0]) => storyOf(events).calls[0]?.variables;

/** The same recording, with the names that a dialplan gives to variables which other channels inherit. */
const inherited =
  (mark: string) =>
  (message: AmiMessage): AmiMessage => ({
    headers: message.headers.map(([name, value]) =>
      name === 'Variable' && /^(Omlcrm|OMLCUSTOM)/.test(value) ? [name, `${mark}${value}`] : [name, value],
    ),
  });

const chanVariablesOnly = (message: AmiMessage): AmiMessage | undefined =>
  field(message, 'Event') === 'VarSet' ? undefined : message;

describe('dialplan variables of a CRM', () => {
  it.each(['', '_', '__'])('are on the session whatever they are inherited by: "%s"', (mark) => {
    for (const name of ['s4_ivr_agi', 's4_chanvars'])
      expect(variablesOf(changed(name, inherited(mark)))).toMatchObject({ ...custom, ...list });
  });

  it('one that is empty is empty, not missing', () => {
    expect(variablesOf(changed('s4_ivr_noinput', (message) => message))).toMatchObject({
      ...list,
      Omlcrmcustomerid: '',
    });
  });

  it('set by an Originate, by AsyncAGI and by ARI', () => {
    expect(variablesOf(changed('s6_c2c_ok', (message) => message))).toMatchObject({ Omlcrmcustomerid: 'C-4711' });
    for (const name of ['s4_asyncagi', 's4_ari_control'])
      expect(variablesOf(changed(name, (message) => message))).toMatchObject({ Omlcrmcustomerid: '4711' });
  });

  it('s4_chanvars: without VarSet those that manager.conf adds to each event are taken', () => {
    const variables = variablesOf(changed('s4_chanvars', chanVariablesOnly));
    expect(Object.keys(variables ?? {}).length).toBeGreaterThan(0);
  });

  it('what an agent leg inherits does not change that of the call', () => {
    const pbx = createPbx()
      .call('1.0')
      .on('1.0', 'VarSet', { Variable: '__Omlcrmcustomerid', Value: '4711' })
      .ring('1.0', '1.1', '1001', { queue: 'support' })
      .on('1.1', 'VarSet', { Variable: '__Omlcrmcustomerid', Value: 'other' });
    expect(pbx.story().calls[0]?.variables).toEqual({ Omlcrmcustomerid: '4711' });
  });
});
