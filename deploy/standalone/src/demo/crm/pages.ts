import type { Customer } from './customers.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? '');

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${safe(title)} - Demo CRM</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/crm.css">
<script type="module" src="/crm.js"></script>
</head>
<body>
<header><a href="/">Demo CRM</a></header>
<main>${content}</main>
</body>
</html>`;

const initials = (name: string): string =>
  name
    .split(' ')
    .map((part) => part.charAt(0))
    .join('');

const row = ({ number, name, phone, city, plan }: Customer): string =>
  `<tr><td><a href="/customers/${safe(number)}">${safe(name)}</a></td><td>${safe(number)}</td><td class="phone">${safe(phone)}</td><td>${safe(city)}</td><td>${safe(plan)}</td></tr>`;

const table = (customers: readonly Customer[]): string => `<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Number</th><th scope="col">Telephone</th><th scope="col">City</th><th scope="col">Plan</th></tr></thead>
<tbody>${customers.map(row).join('\n')}</tbody></table></div>`;

const arrived = (title: string, customer = ''): string => `<section aria-labelledby="arrived">
<h2 id="arrived">${title}</h2>
<p class="quiet" id="nothing">Nothing yet. It appears here by itself.</p>
<ol id="arrivals" data-customer="${safe(customer)}" aria-live="polite"></ol>
</section>`;

/** Everything the CRM knows, and what Patchcord wrote into it. */
export const homePage = (customers: readonly Customer[]): string =>
  page(
    'Overview',
    `<h1>A small CRM, for the demo</h1>
<p class="quiet">It stands for yours: Patchcord looks callers up in it, shows its pages to the agent, and writes calls and dispositions into it.</p>
<div class="columns">
<section aria-labelledby="customers"><h2 id="customers">Customers</h2>${table(customers)}</section>
${arrived('What Patchcord wrote here')}
</div>`,
  );

/** The page that is shown to the agent, inside the desk. */
export const customerPage = ({ number, name, phone, city, plan, note }: Customer): string =>
  page(
    name,
    `<div class="person"><span class="badge" aria-hidden="true">${safe(initials(name))}</span>
<div><h1>${safe(name)}</h1><p class="quiet">Customer ${safe(number)}</p></div></div>
<dl><div><dt>Telephone</dt><dd>${safe(phone)}</dd></div><div><dt>City</dt><dd>${safe(city)}</dd></div>
<div><dt>Plan</dt><dd>${safe(plan)}</dd></div><div><dt>Note</dt><dd>${safe(note)}</dd></div></dl>
${arrived('Calls and outcomes', number)}`,
  );

/** For a number that is nobody's, or several people's. */
export const phonePage = (phone: string, found: readonly Customer[]): string =>
  found.length === 0
    ? page(
        'New caller',
        `<h1>Nobody has this number yet</h1><p><b class="phone">${safe(phone === '' ? 'withheld' : phone)}</b></p>
<p class="quiet">In a CRM of your own a form for a new customer would be here.</p>`,
      )
    : page(
        'Who is it?',
        `<h1>Who is it?</h1><p class="quiet">${found.length} customers have the number <b class="phone">${safe(phone)}</b>.</p>${table(found)}`,
      );

export const noSuchPage = (number: string): string =>
  page('No such customer', `<h1>No such customer</h1><p class="quiet">Nobody here has the number ${safe(number)}.</p>`);
