/** How the CRM's pages look: calm, light or dark, also in a frame of 300 px. */
export const style = `:root { color-scheme: light dark; --line: light-dark(#dde3ea, #3a4048); --quiet: light-dark(#56606b, #a9b3be);
  --card: light-dark(#fff, #22272d); --accent: light-dark(#4a3fa8, #b8b0ff); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f4f6f9, #181c20); color: light-dark(#1b2127, #e8ecf1); }
header { padding: .6rem 1.25rem; background: light-dark(#322a7a, #2a2456); }
header a { color: #fff; font-weight: 650; text-decoration: none; }
main { max-width: 76rem; margin: 0 auto; padding: 1.25rem; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.columns { display: grid; grid-template-columns: 3fr 2fr; gap: 1.25rem; align-items: start; }
@media (max-width: 55rem) { .columns { grid-template-columns: minmax(0, 1fr); } }
section, dl { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; margin: 0 0 1.25rem; }
.columns section { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .5rem .8rem .5rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
th { font-weight: 600; color: var(--quiet); font-size: .85rem; }
.phone { font-variant-numeric: tabular-nums; }
.person { display: flex; gap: .9rem; align-items: center; margin-bottom: 1rem; }
.person p { margin: 0; }
.badge { flex: none; width: 3rem; height: 3rem; border-radius: 50%; display: grid; place-items: center; font-weight: 650;
  background: light-dark(#e6e2ff, #3b3480); color: light-dark(#322a7a, #fff); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .9rem 1.25rem; }
dt { color: var(--quiet); font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
ol { list-style: none; margin: 0; padding: 0; }
ol:empty { display: none; }
li { padding: .6rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
li:first-child { border-top: 0; padding-top: 0; }
li .what { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: .85rem; color: var(--quiet); }
li b { color: var(--accent); }
`;

/** Follows what arrives; texts are only ever texts. */
export const script = `const list = document.getElementById('arrivals');
const only = list?.dataset.customer ?? '';
const element = (name, text, className = '') => Object.assign(document.createElement(name), { textContent: text, className });
const time = (at) => Object.assign(element('time', new Date(at).toLocaleTimeString()), { dateTime: at });
const itemOf = ({ at, kind, customer = '', text }) => {
  const item = document.createElement('li');
  item.dataset.kind = kind;
  const what = element('div', '', 'what');
  what.append(element('b', kind), time(at));
  item.append(what, element('div', customer === '' || only !== '' ? text : text + ' \\u00b7 customer ' + customer));
  return item;
};
if (list) new EventSource('/arrivals').onmessage = ({ data }) => {
  const arrivals = JSON.parse(data).filter(({ customer }) => only === '' || customer === only);
  list.replaceChildren(...arrivals.map(itemOf));
  document.getElementById('nothing').hidden = arrivals.length > 0;
};
`;
