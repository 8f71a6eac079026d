import { describedCrm } from '@patchcord/contracts';
import { proprietaryI } from '../../../src/proprietary-i/connector.ts';
import { conformance } from '../conformance/index.ts';
import { scriptCrm } from './described.ts';
import { startFakeScriptCrm } from './fake.ts';

conformance({
  connector: proprietaryI.configured?.({ described: describedCrm.parse(scriptCrm) }) ?? proprietaryI,
  start: startFakeScriptCrm,
  // A site authentication of the kind "api-key" puts the key into the query; here the base URL has it.
  connection: ({ url }) => ({ connector: 'proprietary-i', baseUrl: `${url}?apikey=k-4711`, described: scriptCrm }),
  person: {
    module: 'customer',
    values: ({ first, last }, phone) => ({ first, last, tel: phone }),
    phoneField: 'tel',
    change: ['note', 'calls <before> noon & "after" five'],
  },
  throttled: { status: 503, headers: { 'retry-after': '7' }, body: 'busy' },
  refused: { body: '<answer><state code="1">error</state><why>+14155550123 is locked</why></answer>' },
  isLog: ({ query }) => query.get('action') === 'journal',
});
