/**
 * The URL with one parameter in its query, in place of any of the same name. All other bytes of the URL stay as they
 * are: a site may have learnt to live with their exact form.
 */
export function withQueryParameter(url: string, name: string, value: string): string {
  const [address = '', ...fragment] = url.split('#');
  const at = address.indexOf('?');
  const path = at === -1 ? address : address.slice(0, at);
  const others = at === -1 ? [] : address.slice(at + 1).split('&');
  const kept = others.filter((pair) => pair !== '' && nameOf(pair) !== name);
  const query = [...kept, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&');
  return [`${path}?${query}`, ...fragment].join('#');
}

function nameOf(pair: string): string {
  return new URLSearchParams(pair).keys().next().value ?? '';
}
