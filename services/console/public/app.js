// Everything from a call is written as text, never as markup: a caller chooses his own name.
const byId = (id) => document.getElementById(id);
const calls = new Map();
/** Only in this page's memory: to sign in again when the cookie's time is over. */
let token;
let stream;
let timers = [];

function setStatus(state, text) {
  const status = byId('status');
  status.dataset.state = state;
  status.textContent = text;
}

function cell(label, text, className) {
  const td = document.createElement('td');
  td.dataset.label = label;
  td.textContent = text ?? '';
  if (className) td.className = className;
  return td;
}

const stateNames = {
  ringing: 'ringing',
  ivr: 'in the IVR',
  queued: 'waiting',
  talking: 'talking',
  held: 'on hold',
  ended: 'ended',
};

function duration(since) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [h, m, s] = parts.map((part) => String(part).padStart(2, '0'));
  return h === '00' ? `${m}:${s}` : `${h}:${m}:${s}`;
}

function callRow(call) {
  const tr = document.createElement('tr');
  tr.dataset.callId = call.callId;
  tr.dataset.state = call.state;
  const caller = [call.callerName, call.ani].filter(Boolean).join(' · ') || 'unknown';
  const ringing = call.ringing > 0 && call.state !== 'talking' ? `${call.ringing} ringing` : '';
  tr.append(
    cell('State', stateNames[call.state] ?? call.state, 'state'),
    cell('Caller', caller),
    cell('DID', call.dnis),
    cell('Queue', call.queue),
    cell('Agent', call.agentName ?? call.agentId ?? ringing),
    cell('Since', duration(call.since), 'time'),
    cell('Outcome', call.outcome),
  );
  tr.querySelector('.time').dataset.since = call.since;
  return tr;
}

const order = (call) => (call.state === 'ended' ? 1 : 0);

function showCalls() {
  const sorted = [...calls.values()].sort(
    (a, b) => order(a) - order(b) || (a.offeredAt ?? a.since).localeCompare(b.offeredAt ?? b.since),
  );
  byId('calls-rows').replaceChildren(...sorted.map(callRow));
  byId('calls-count').textContent = String(sorted.filter((call) => call.state !== 'ended').length);
  byId('calls-empty').hidden = sorted.length > 0;
}

let drawing = false;
/** Many changes at once are drawn once. */
function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    showCalls();
  });
}

function tick() {
  for (const td of document.querySelectorAll('td.time[data-since]')) {
    if (td.parentElement.dataset.state !== 'ended') td.textContent = duration(td.dataset.since);
  }
}

function follow() {
  stream?.close();
  stream = new EventSource('/v1/live/stream');
  stream.addEventListener('open', () => setStatus('on', 'Live'));
  stream.addEventListener('state', (event) => {
    calls.clear();
    for (const call of JSON.parse(event.data).calls) calls.set(call.callId, call);
    redraw();
  });
  stream.addEventListener('call', (event) => {
    const call = JSON.parse(event.data);
    calls.set(call.callId, call);
    redraw();
  });
  stream.addEventListener('gone', (event) => {
    calls.delete(JSON.parse(event.data).callId);
    redraw();
  });
  stream.addEventListener('error', () => {
    setStatus('waiting', 'Reconnecting …');
    // The browser tries again by itself unless the answer was an error, such as 401.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => void comeBack(), 2000);
  });
}

async function comeBack() {
  try {
    const session = token === undefined ? await signedIn() : undefined;
    if (token !== undefined) await signIn(token);
    else if (session !== undefined) show(session);
    else askForToken('The session is over: sign in again.');
  } catch {
    setTimeout(() => void comeBack(), 2000);
  }
}

function deliveryRow(delivery) {
  const tr = document.createElement('tr');
  tr.dataset.state = delivery.state;
  const last = delivery.attempts.at(-1);
  const answer = last === undefined ? '' : String(last.status ?? last.failure?.code ?? '');
  tr.append(
    cell('State', delivery.state, 'state'),
    cell('Destination', delivery.destination.id),
    cell('Cause', delivery.cause),
    cell('Attempts', String(delivery.attempts.length)),
    cell('Last answer', answer),
    cell('When', new Date(delivery.updatedAt).toLocaleTimeString()),
  );
  return tr;
}

async function read(path) {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  return response.ok ? response.json() : undefined;
}

async function showWork() {
  const [log, letters] = await Promise.all([read('/v1/deliveries?limit=10'), read('/v1/dead-letters?limit=1')]);
  if (letters !== undefined) {
    byId('dead-letters').textContent = letters.open === 0 ? 'no dead letters' : `${letters.open} dead letters`;
    byId('dead-letters').dataset.state = letters.open === 0 ? 'good' : 'bad';
  }
  if (log === undefined) return;
  byId('deliveries-rows').replaceChildren(...log.deliveries.map(deliveryRow));
  byId('deliveries-empty').hidden = log.deliveries.length > 0;
}

async function signedIn() {
  return read('/v1/session');
}

async function signIn(candidate) {
  const response = await fetch('/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: candidate }),
  });
  if (!response.ok) {
    const { error } = await response.json();
    token = undefined;
    return askForToken(error?.message ?? 'The token was refused.');
  }
  token = candidate;
  show(await response.json());
}

function show({ tenantId, scopes }) {
  const admin = scopes.includes('admin');
  document.title = `Patchcord: ${tenantId}`;
  byId('sign-in').hidden = true;
  byId('calls').hidden = false;
  byId('work').hidden = !admin;
  byId('sign-out').hidden = false;
  for (const timer of timers) clearInterval(timer);
  timers = [setInterval(tick, 1000)];
  follow();
  if (!admin) return;
  const refresh = () => showWork().catch(() => undefined);
  timers.push(setInterval(() => void refresh(), 3000));
  void refresh();
}

function askForToken(problem = '') {
  stream?.close();
  for (const timer of timers) clearInterval(timer);
  setStatus('off', 'Not signed in');
  for (const id of ['calls', 'work', 'sign-out']) byId(id).hidden = true;
  byId('problem').textContent = problem;
  byId('sign-in').hidden = false;
  byId('token').focus();
}

/** `#token=…` in the address, as the start of the demo prints it. It is taken out of the address at once. */
function tokenFromFragment() {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (found !== null) history.replaceState(null, '', location.pathname);
  return found ?? undefined;
}

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = byId('token');
  const candidate = field.value.trim();
  field.value = '';
  signIn(candidate).catch(() => askForToken('The console does not answer. Try again.'));
});

async function signOut() {
  token = undefined;
  await fetch('/v1/session', { method: 'DELETE' }).catch(() => undefined);
  calls.clear();
  showCalls();
  askForToken();
}

byId('sign-out').addEventListener('click', () => void signOut());

async function start() {
  const given = tokenFromFragment();
  if (given !== undefined) return signIn(given);
  const session = await signedIn();
  if (session === undefined) askForToken();
  else show(session);
}

start().catch(() => askForToken('The console does not answer. Reload the page.'));
