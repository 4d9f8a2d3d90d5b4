import { isIP } from 'node:net';
import { CatalystError } from '../../contracts/errors.ts';
import { storableText } from './storableText.ts';

export type AddressRule = (address: string) => boolean;

/**
 * The address, parsed and allowed as far as it says by itself: http or https, no credentials, no forbidden literal.
 * The parser turns decimal, octal and hexadecimal literals into plain ones. Names are checked when they are resolved.
 * Throws URL_FORBIDDEN.
 */
export function parseTargetUrl(text: string, isAllowed: AddressRule, base?: string): URL {
  if (!URL.canParse(text, base)) throw forbidden(text, 'is not an address');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw forbidden(text, `has the scheme "${url.protocol}"; only http and https are fetched`);
  if (url.username !== '' || url.password !== '') throw forbidden(`${url.protocol}//…@${url.host}`, 'carries credentials');
  const literal = literalAddress(url.hostname);
  if (literal !== undefined && !isAllowed(literal)) throw forbidden(text, 'is not on the public internet');
  url.hash = '';
  return url;
}

/** Throws URL_FORBIDDEN where the address names a port that is not among those given; undefined: any may be. */
export function requirePort(url: URL, ports: readonly number[] | undefined): void {
  if (ports === undefined) return;
  const port = url.port === '' ? usualPorts[url.protocol] : Number(url.port);
  if (port === undefined || !ports.includes(port)) throw forbidden(url.href, `names the port ${port}; sites are fetched from the ports ${ports.join(', ')}, as CATALYST_FETCH_PORTS says`);
}

const usualPorts: Readonly<Record<string, number | undefined>> = { 'http:': 80, 'https:': 443 };

/** The IP address that the host name is by itself, without the brackets of IPv6. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}

export function forbidden(what: string, why: string): CatalystError {
  return new CatalystError('URL_FORBIDDEN', `The address ${storableText(what, 300)} ${why}.`);
}
