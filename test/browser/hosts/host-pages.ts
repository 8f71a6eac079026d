import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Pages of somebody else's, on another site than the console's: `localhost` and `127.0.0.1` are two for a browser. */
export interface HostPages {
  readonly origin: string;
  close(): Promise<void>;
}

const page = (frameUrl: string, script: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A CRM</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>body { font: 16px system-ui, sans-serif; margin: 0; display: flex; } main { flex: 1; padding: 1.5rem; } iframe { width: 360px; height: 100vh; border: 0; border-left: 1px solid #ccc; }</style>
</head><body>
<main><h1>A CRM</h1><p>Customer: <b id="who">nobody</b></p><button id="number">+1 415-555-0142</button><ol id="heard"></ol></main>
<iframe id="desk" title="Telephone" src="${frameUrl}"></iframe>
<script type="module">${script}</script>
</body></html>`;

/** Keeps what it hears, and shows who calls. */
const crm = (consoleUrl: string): string => `
import { connect } from '${consoleUrl}/embed/patchcord.js';
window.heard = [];
const names = ['ready', 'signed-in', 'state', 'call', 'screen-pop', 'log'];
window.desk = connect(document.getElementById('desk'), Object.fromEntries(names.map((name) => [name, (data) => {
  heard.push([name, data]);
  if (name === 'screen-pop') document.getElementById('who').textContent = data.number;
}])));
document.getElementById('number').onclick = ({ target }) => desk.dial(target.textContent).catch(() => undefined);`;

/** \`sforce.opencti\` as it is documented: callbacks with \`success\`, a listener for clicks. */
const salesforce = (consoleUrl: string): string => `
import { connect, attachOpenCti } from '${consoleUrl}/embed/patchcord.js';
window.asked = [];
const answer = (name) => (args) => { asked.push([name, JSON.parse(JSON.stringify(args))]); args.callback?.({ success: name !== 'saveLog' || 'entityApiName' in args.value, returnValue: {}, errors: null }); };
const opencti = {
  CALL_TYPE: { INBOUND: 'inbound', OUTBOUND: 'outbound', INTERNAL: 'internal' },
  onClickToDial: ({ listener }) => { window.click = listener; },
  ...Object.fromEntries(['enableClickToDial', 'disableClickToDial', 'setSoftphonePanelVisibility', 'searchAndScreenPop', 'saveLog'].map((name) => [name, answer(name)])),
};
window.refusals = [];
window.desk = connect(document.getElementById('desk'));
attachOpenCti(desk, opencti, { onError: (what, detail) => refusals.push([what, detail?.code ?? detail]) });`;

/** \`openFrameAPI\` as it is documented: \`init\` first, events by \`subscribe\`. */
const servicenow = (consoleUrl: string): string => `
import { connect, attachOpenFrame } from '${consoleUrl}/embed/patchcord.js';
window.asked = [];
let begun = false;
const note = (name) => (...args) => { if (!begun) throw new Error('init is the first'); asked.push([name, ...args]); };
const openFrame = {
  EVENTS: { COMMUNICATION_EVENT: 'communication_event' },
  init: (config, success) => { begun = true; asked.push(['init', config]); setTimeout(() => success({ configuration: '' })); },
  subscribe: (event, listener) => { note('subscribe')(event); window.click = listener; },
  ...Object.fromEntries(['show', 'setTitle', 'setSubtitle', 'openServiceNowForm'].map((name) => [name, note(name)])),
};
window.refusals = [];
window.desk = connect(document.getElementById('desk'));
attachOpenFrame(desk, openFrame, { onError: (what, detail) => refusals.push([what, detail?.code ?? detail]) });`;

export async function startHostPages(consoleUrl: string, tenantId: string): Promise<HostPages> {
  const frameUrl = `${consoleUrl}/frame/${tenantId}`;
  const pages: Readonly<Record<string, string>> = {
    '/crm': page(frameUrl, crm(consoleUrl)),
    '/salesforce': page(frameUrl, salesforce(consoleUrl)),
    '/servicenow': page(frameUrl, servicenow(consoleUrl)),
  };
  const server = createServer(({ url = '' }, reply) => {
    const found = pages[url];
    reply.writeHead(found === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' }).end(found);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
