import ipaddr from 'ipaddr.js';

/**
 * The address by which a page is known: lower-case host, default port and fragment dropped, the query as given.
 * Expects what the schema has passed as an http or https address.
 */
export function canonicalUrl(address: string): string {
  const url = new URL(address);
  url.hash = '';
  return url.href;
}

/** Why an address may not be fetched, as far as its text tells; what a name resolves to is checked when it is fetched. */
export function urlObjection(address: string, allowPrivateAddresses: boolean): string | undefined {
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return 'The address holds credentials; addresses are kept and shown, so send none in them.';
  if (allowPrivateAddresses) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return 'The address is local to the service; only addresses on the public internet are fetched, unless CATALYST_FETCH_PRIVATE_ADDRESSES allows others.';
  if (ipaddr.isValid(host) && ipaddr.process(host).range() !== 'unicast') return 'The address is private or reserved; only addresses on the public internet are fetched, unless CATALYST_FETCH_PRIVATE_ADDRESSES allows others.';
  return undefined;
}
